using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tributary.Testing.Parts;

/// <summary>A Redis server that forgets everything when it is killed, as a cache may.</summary>
public sealed class RedisServer
{
    private readonly int _port;

    private RedisServer(PartCommand command, int port)
    {
        Command = command;
        _port = port;
    }

    public PartCommand Command { get; }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{_port}";

    public static RedisServer Prepare(TemporaryFolder folder, string name = "redis")
    {
        var port = FreePort.Next();
        var command = new PartCommand
        {
            Name = name,
            CommandLine =
            [
                ToolPath.Require("redis-server"), "--port", $"{port}", "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no", "--dir", folder.FullName,
            ],
            LogFile = folder.At($"{name}.log"),
            IsReady = cancellationToken => AnswersPingAsync(port, cancellationToken),
        };
        return new(command, port);
    }

    private static async Task<bool> AnswersPingAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return Encoding.ASCII.GetString(answer) == "+PONG";
    }
}
