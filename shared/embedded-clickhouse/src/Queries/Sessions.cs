using Microsoft.Extensions.Options;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Http;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>
/// The connections that outlive a request: settings, current database and temporary tables of a <c>session_id</c>, per
/// user. One request at a time has a session; one that nobody used for its timeout is closed.
/// </summary>
internal sealed class Sessions(EngineHost engine, IOptions<EmbeddedClickHouseOptions> options, TimeProvider time)
    : BackgroundService
{
    private EngineHost Engine => engine;

    private readonly Lock gate = new();
    private readonly Dictionary<(string User, string Id), Session> sessions = [];

    /// <summary>
    /// A request's hold on a connection; disposing gives a session back, and closes any other connection.
    /// </summary>
    public Hold Take(QueryRequest request, User user)
    {
        // A session would not bind the read-only user, whose connections are bound when they are opened.
        if (request.SessionId.Length == 0 || user.ReadOnly) return new Hold(this, session: null);
        lock (gate)
        {
            if (!sessions.TryGetValue((user.Name, request.SessionId), out var session))
            {
                session = Create_NeedsLock(request, user);
            }

            if (session.Held)
            {
                throw new EngineException(373, "SESSION_IS_LOCKED",
                    $"Session {request.SessionId} is locked by a concurrent client");
            }

            session.Held = true;
            session.Timeout = request.SessionTimeout;
            session.Closing = request.CloseSession;
            return new Hold(this, session);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            List<Session> idle;
            lock (gate)
            {
                var now = time.GetTimestamp();
                idle = [.. sessions.Values.Where(session =>
                    !session.Held && time.GetElapsedTime(session.UsedAt, now) > session.Timeout)];
                idle.ForEach(session => sessions.Remove(session.Key));
            }

            idle.ForEach(session => session.Connection.Dispose());
        }
    }

    private Session Create_NeedsLock(QueryRequest request, User user)
    {
        if (request.SessionMustExist) throw new EngineException(372, "SESSION_NOT_FOUND",
            $"Session {request.SessionId} not found");
        if (sessions.Count >= options.Value.SessionsMax)
        {
            throw new EngineException(700, "USER_SESSION_LIMIT_EXCEEDED", "Too many sessions are open");
        }

        var session = new Session((user.Name, request.SessionId), engine.Open([]));
        sessions.Add(session.Key, session);
        return session;
    }

    private void Return(Session session)
    {
        lock (gate)
        {
            session.Held = false;
            session.UsedAt = time.GetTimestamp();
            if (!session.Closing) return;
            sessions.Remove(session.Key);
        }

        session.Connection.Dispose();
    }

    internal sealed class Session((string User, string Id) key, EngineConnection connection)
    {
        public (string User, string Id) Key => key;

        public EngineConnection Connection => connection;

        public bool Held { get; set; }

        public bool Closing { get; set; }

        public TimeSpan Timeout { get; set; }

        public long UsedAt { get; set; }
    }

    /// <summary>A request's hold on a connection, and on what it changed there.</summary>
    internal sealed class Hold(Sessions owner, Session? session) : IDisposable
    {
        private EngineConnection? own;
        private IReadOnlyList<string> undo = [];

        /// <summary>The connection with these settings on it: for a session, until this hold is given back.</summary>
        public EngineConnection Connect(IReadOnlyList<KeyValuePair<string, string>> settings)
        {
            if (session is null) return own = owner.Engine.Open(settings);

            undo = SessionSettings.Apply(owner.Engine, session.Connection, settings);
            return session.Connection;
        }

        /// <summary>Makes a database the current one for this request.</summary>
        public void Use(string database)
        {
            if (database.Length == 0) return;
            if (session is not null)
            {
                var before = session.Connection.Scalar("select currentDatabase()");
                if (before == database) return;
                undo = [$"use {Text.Identifier(before)}", .. undo];
            }

            (own ?? session!.Connection).Run($"use {Text.Identifier(database)}");
        }

        public void Dispose()
        {
            own?.Dispose();
            if (session is null) return;
            foreach (var statement in undo) session.Connection.Run(statement);
            owner.Return(session);
        }
    }
}
