using Npgsql;

namespace Tributary.Postgres.Tests;

public class Reading_the_address
{
    private const string Secret = "s3cr:t/@";

    [Test]
    public void A_url_is_read_with_its_escapes_and_options()
    {
        var password = Uri.EscapeDataString(Secret);

        var address = DatabaseAddress.Parse(
            $"postgres://us%40er:{password}@db.example:6432/trib?sslmode=verify-full&connect_timeout=3");

        Assert.That((address.Host, address.Port, address.Database, address.Username, address.Password),
            Is.EqualTo(("db.example", 6432, "trib", "us@er", Secret)));
        Assert.That((address.SslMode, address.Timeout), Is.EqualTo((SslMode.VerifyFull, 3)));
    }

    [Test]
    public void A_url_without_a_port_means_the_usual_one() =>
        Assert.That(DatabaseAddress.Parse("postgresql://u@h/d").Port, Is.EqualTo(5432));

    [Test]
    public void An_npgsql_string_is_taken_as_it_is() =>
        Assert.That(DatabaseAddress.Parse("Host=h;Username=u;Database=d;Port=7").Port, Is.EqualTo(7));

    [TestCase("postgres://:s3cret@h/d", "names no user")]
    [TestCase("postgres://u:s3cret@h", "names no database")]
    [TestCase("Host=h;Username=u;Password=s3cret", "names no database")]
    [TestCase("Username=u;Password=s3cret;Database=d", "names no host")]
    [TestCase("mysql://u:s3cret@h/d", "does not begin with postgres://")]
    [TestCase("postgres://u:s3cret/x@h/d", "can't be read (is the password encoded?)")]
    [TestCase("postgres://u:s3cret@h/d?s3cret=1", "has a parameter that is not known")]
    [TestCase("postgres://u:s3cret@h/d?sslmode=s3cret", "is neither a postgres:// URL nor an Npgsql connection string")]
    [TestCase("Host=h;s3cret=u", "is neither a postgres:// URL nor an Npgsql connection string")]
    public void A_wrong_one_is_refused_in_a_sentence_that_holds_no_secret(string url, string sentence)
    {
        var refusal = Assert.Throws<InvalidDatabaseUrlException>(() => DatabaseAddress.Parse(url));

        Assert.That(refusal!.Message, Does.StartWith($"Database:Url (DATABASE_URL) {sentence}"));
        Assert.That(refusal.ToString(), Does.Not.Contain("s3cret"));
    }
}
