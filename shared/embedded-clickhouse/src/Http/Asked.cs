namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>A request once it is known who asks and how.</summary>
internal sealed record Asked(User User, QueryRequest Request, RequestForm Form, RequestBody Body);
