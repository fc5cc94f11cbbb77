using System.Globalization;
using System.Net;
using System.Text;
using Tributary.Testing.Crashes;

namespace Tributary.FirstLight;

/// <summary>
/// Senders as the official libraries are: each is one person's, sends batches one after another, always to the same
/// edge, and sends a batch again, as it was, until it is answered. Ids carry their person and number: <c>k3-17</c>.
/// </summary>
internal sealed class SenderLoad(IReadOnlyList<Uri> edges, Tenant tenant) : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan PauseBeforeRepeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastRepeatAfter = TimeSpan.FromSeconds(40);
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = AnswerWithin })
    {
        Timeout = AnswerWithin,
    };
    private long _repeats;

    public int Persons { get; init; } = 40;

    public int EventsInBatch { get; init; } = 5;

    /// <summary>Between two batches of a person.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Each sender ends by itself after so many batches.</summary>
    public int BatchesMax { get; init; } = int.MaxValue;

    /// <summary>How often a batch was sent again because no one knew what became of it.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>The load of a <see cref="Round"/>.</summary>
    public Task RunAsync(Account account, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Persons).Select(person => SendAsPersonAsync(person, account, stop)));

    public void Dispose() => _http.Dispose();

    /// <summary>The event's name is the person's, too, so that counts by name can be told apart.</summary>
    public static string EventOf(string id, string person) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"type":"track","event":"{{person}}","messageId":"{{id}}","anonymousId":"{{person}}"}""");

    private async Task SendAsPersonAsync(int number, Account account, CancellationToken stop)
    {
        var person = string.Create(CultureInfo.InvariantCulture, $"k{number}");
        var edge = edges[number % edges.Count];
        for (var batch = 0; batch < BatchesMax && !stop.IsCancellationRequested; batch++)
        {
            var ids = Enumerable.Range(batch * EventsInBatch, EventsInBatch)
                .Select(sequence => (Id: KafkaLoad.IdOf(person, sequence), Sequence: (long)sequence)).ToList();
            foreach (var (id, sequence) in ids) account.Sent(id, person, sequence);
            var events = string.Join(',', ids.Select(id => EventOf(id.Id, person)));
            var outcome = await SendAsync(edge, $$"""{"batch":[{{events}}]}""", stop);
            foreach (var (id, _) in ids) Book(account, id, outcome, edge);
            if (outcome is null) return; // What comes after what is unknown could overtake it.
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static void Book(Account account, string id, HttpStatusCode? outcome, Uri edge)
    {
        if (outcome == HttpStatusCode.OK) account.Acknowledged(id, edge.Authority);
        else if (outcome is { } refused) account.Refused(id, $"{(int)refused} from {edge.Authority}");
        else account.Unknown(id, $"no answer from {edge.Authority}");
    }

    /// <returns>An answer that is final; null where there was none until the load had to end.</returns>
    private async Task<HttpStatusCode?> SendAsync(Uri edge, string body, CancellationToken stop)
    {
        var isLast = false;
        using var giveUp = new CancellationTokenSource();
        await using var stopping = stop.Register(() => giveUp.CancelAfter(LastRepeatAfter));
        while (!isLast)
        {
            isLast = giveUp.IsCancellationRequested;
            try
            {
                using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(edge, "/v1/batch"));
                call.Headers.TryAddWithoutValidation("Authorization", tenant.Basic);
                call.Content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await _http.SendAsync(call, CancellationToken.None);
                if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError))
                    return answer.StatusCode;
            }
            catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
            {
                // The answer, or the call: the same ids again tell.
            }
            Interlocked.Increment(ref _repeats);
            await Task.Delay(PauseBeforeRepeat, CancellationToken.None);
        }
        return null;
    }
}
