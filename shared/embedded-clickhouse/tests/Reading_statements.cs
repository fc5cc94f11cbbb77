using System.Text;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Tests;

public class Reading_statements
{
    [TestCase("insert into t values (1)", "insert into t ", "Values", " (1)")]
    [TestCase("INSERT INTO values VALUES (1)", "INSERT INTO values ", "Values", " (1)")]
    [TestCase("insert into table a.`b.format` (x, y) format CSV\n1,2", "insert into table a.`b.format` (x, y) ", "CSV",
        "1,2")]
    [TestCase("insert into t format CSV;\r\n1", "insert into t ", "CSV", "1")]
    [TestCase("insert into t format RowBinary\n\n", "insert into t ", "RowBinary", "\n")]
    [TestCase("/* select */ insert into t -- values\n settings a = 'format X' format TSV 1",
        "/* select */ insert into t -- values\n settings a = 'format X' ", "TSV", "1")]
    [TestCase("insert into function file('x', 'CSV', 'a Int8') values (1)",
        "insert into function file('x', 'CSV', 'a Int8') ",
        "Values", " (1)")]
    public void The_data_of_an_insert_begin_where_clickhouse_begins_them(string text, string head, string format,
        string data)
    {
        var insert = (Statement.InsertWithRows)StatementReader.Read(Encoding.UTF8.GetBytes(text));

        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetString(insert.Head.Span), Is.EqualTo(head));
            Assert.That(insert.Format, Is.EqualTo(format));
            Assert.That(text[insert.DataAt..], Is.EqualTo(data));
        });
    }

    [TestCase("insert into t select 1")]
    [TestCase("insert into t (a) (select 1)")]
    [TestCase("insert into t with x as (select 1) select * from x format CSV")]
    [TestCase("insert into t from infile 'a' format CSV")]
    [TestCase("create table values (a Int8) engine = Memory")]
    [TestCase("with x as (select 1) insert into t select * from x")]
    [TestCase("optimize table t final")]
    [TestCase("explain ast select 1")]
    [TestCase("show changed settings")]
    public void What_brings_no_data_and_gives_no_rows_is_a_command(string text)
    {
        Assert.That(StatementReader.Read(Encoding.UTF8.GetBytes(text)), Is.InstanceOf<Statement.Command>());
    }

    [TestCase("select 1", null, "select 1", "")]
    [TestCase("select 1; -- done", null, "select 1", "")]
    [TestCase("select 1 format CSV", "CSV", "select 1 ", "")]
    [TestCase("select (select 1 format CSV)", null, "select (select 1 format CSV)", "")]
    [TestCase("select 1 format CSV settings a = 1", "CSV", "select 1 ", " settings a = 1")]
    [TestCase("select format, 'a' from t", null, "select format, 'a' from t", "")]
    [TestCase("select a as format from t", null, "select a as format from t", "")]
    [TestCase("select $x$ format CSV $x$", null, "select $x$ format CSV $x$", "")]
    [TestCase("select 'it''s \\' format CSV'", null, "select 'it''s \\' format CSV'", "")]
    public void A_result_is_sent_where_its_statement_allows(string text, string? format, string head, string tail)
    {
        var rows = (Statement.Rows)StatementReader.Read(Encoding.UTF8.GetBytes(text));

        Assert.Multiple(() =>
        {
            Assert.That(rows.Format, Is.EqualTo(format));
            Assert.That(Encoding.UTF8.GetString(rows.Head.Span), Is.EqualTo(head));
            Assert.That(Encoding.UTF8.GetString(rows.Tail.Span), Is.EqualTo(tail));
        });
    }

    [Test]
    public void Data_have_begun_only_when_no_later_byte_can_change_it()
    {
        const string Text = "insert into t format CSVWithNames\na\n1\n";
        var begun = Enumerable.Range(0, Text.Length + 1)
            .First(length => StatementReader.DataHasBegun(Encoding.UTF8.GetBytes(Text[..length])));

        Assert.That(begun, Is.GreaterThan("insert into t format CSVWithNames".Length + 1));
    }
}
