using Microsoft.Extensions.Logging;

namespace Tributary.Streaming.Reading;

/// <summary>What a reader needs of the process it runs in.</summary>
internal sealed record ReaderSurroundings(
    ReaderOptions Options, TimeProvider Time, Random Chance, StreamingMetrics Metrics, ILogger Logger);
