using System.Runtime.Versioning;
using Tributary.Testing;

namespace Tributary.Standalone.Tests;

/// <summary>A machine that lacks something, made by hiding it.</summary>
[Category("Integration")]
[SupportedOSPlatform("linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Finding_faults_before_they_hurt : IDisposable
{
    private const string Librdkafka = "shared/stand-ins/librdkafka/build";
    private readonly TemporaryFolder _folder = new("faults");

    [TestCase("dotnet", "tributary: The .NET SDK 10 is missing; install it")]
    [TestCase("npm", "tributary: Node (18 or newer, with npm) is missing; install it")]
    public async Task A_missing_tool_is_named_with_its_way_onto_the_machine(string tool, string sentence)
    {
        var up = await Installation.ShellAsync($"{await Without(tool)} ./tributary up --data {_folder.FullName}");

        Assert.That(up.Code, Is.EqualTo(1));
        Assert.That(up.Error, Does.StartWith(sentence));
    }

    [Test]
    public async Task Doctor_names_every_missing_package_and_changes_nothing()
    {
        var doctor = await Installation.ShellAsync(
            $"{await Without("redis-server", "curl")} ./tributary doctor --data {_folder.At("none")}");

        Assert.That(doctor.Code, Is.EqualTo(1));
        Assert.That(doctor.Output, Does.Contain("missing redis-server curl"));
        Assert.That(Directory.Exists(_folder.At("none")), Is.False);
    }

    [TestCase("up --frontground", "up knows --foreground")]
    [TestCase("upp", "There is no command 'upp'; ./tributary help lists them.")]
    [TestCase("up --port-base 80", "--port-base is a number from 1024 to 65528, not '80'.")]
    [TestCase("up --port-base", "--port-base needs a number.")]
    [TestCase("logs -n", "-n needs a number.")]
    [TestCase("backup", "backup takes one folder")]
    [TestCase("restore /nowhere-at-all", "is not a backup that ./tributary made")]
    [TestCase("bench nothing-like-it", "There is no bench 'nothing-like-it'")]
    public async Task A_wrong_word_is_answered_with_what_is_known(string command, string sentence)
    {
        var answer = await Installation.ShellAsync($"./tributary --data {_folder.FullName} {command}");

        Assert.That(answer.Code, Is.EqualTo(1));
        Assert.That(answer.Error, Does.Contain(sentence));
    }

    [Test]
    public async Task A_data_folder_that_can_not_be_made_is_a_sentence()
    {
        await File.WriteAllTextAsync(_folder.At("file"), "");

        var up = await Installation.ShellAsync($"./tributary up --data {_folder.At("file")}/below");

        Assert.That(up.Code, Is.EqualTo(1));
        Assert.That(up.Error, Does.Contain("can't be made").And.Contain("--data DIR"));
    }

    [Test]
    public async Task Another_archive_than_the_known_one_is_refused()
    {
        var npm = _folder.At("npm");
        await File.WriteAllTextAsync(npm, "#!/bin/sh\necho other >other-1.0.tgz\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserExecute | UnixFileMode.UserRead);

        var build = await Installation.ShellAsync(
            $"PATH={_folder.FullName}:$PATH TRIBUTARY_CACHE={_folder.At("cache")} {Librdkafka}");

        Assert.That(build.Code, Is.EqualTo(1));
        Assert.That(build.Error, Does.Contain("sha512 differs"));
        Assert.That(Directory.EnumerateFiles(_folder.At("cache"), "*.tgz"), Is.Empty);
    }

    [Test]
    public async Task Another_engine_than_the_known_one_is_refused_too()
    {
        var npm = _folder.At("npm");
        await File.WriteAllTextAsync(npm, "#!/bin/sh\necho other >other-1.0.tgz\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserExecute | UnixFileMode.UserRead);

        var fetch = await Installation.ShellAsync($"""
            PATH={_folder.FullName}:$PATH TRIBUTARY_CACHE={_folder.At("cache")} shared/embedded-clickhouse/fetch
            """);

        Assert.That(fetch.Code, Is.EqualTo(1));
        Assert.That(fetch.Error, Does.Contain("sha512 differs"));
        Assert.That(Directory.EnumerateDirectories(_folder.At("cache")), Is.Empty);
    }

    [Test]
    public async Task A_library_that_was_cut_short_in_the_cache_is_not_used()
    {
        var whole = await Installation.ShellAsync(Librdkafka);
        Assert.That(whole.Code, Is.Zero, whole.Error);
        var cache = Path.GetDirectoryName(whole.Output.Trim())!;
        await Installation.ShellAsync($"mkdir {_folder.At("cache")} && cp -r {cache} {_folder.At("cache")}");

        var before = await KeptAsync();
        await Installation.ShellAsync($"truncate -s 1000 {_folder.At("cache")}/*/librdkafka.so");
        var after = await KeptAsync();

        Assert.That((before.Code, after.Code), Is.EqualTo((0, 1)));

        Task<Outcome> KeptAsync() =>
            Installation.ShellAsync($"TRIBUTARY_CACHE={_folder.At("cache")} {Librdkafka} --kept");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A PATH that has every program of this one but those named.</summary>
    private async Task<string> Without(params string[] tools)
    {
        var path = _folder.At("bin");
        var hidden = string.Join(' ', tools.Select(tool => $"{path}/{tool}"));
        await Installation.ShellAsync($"""
            mkdir {path}
            IFS=:; for folder in $PATH; do cp -ns "$folder"/* {path} 2>/dev/null; done
            IFS=' '; rm -f {hidden}
            """);
        return $"PATH={path}";
    }
}
