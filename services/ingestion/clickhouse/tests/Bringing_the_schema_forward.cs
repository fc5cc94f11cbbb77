using Tributary.ClickHouse.Migrations;
using Tributary.Testing;

namespace Tributary.ReadModel.Tests;

public class Bringing_the_schema_forward
{
    [Test]
    public async Task A_second_time_there_is_nothing_to_do()
    {
        await using var model = await Model.CreateAsync();

        Assert.That(await model.MigrateAsync(), Is.Empty);
    }

    [Test]
    public async Task What_a_killed_start_left_half_done_is_made_good()
    {
        await using var model = await Model.CreateAsync();
        await model.Client.ExecuteAsync("truncate table schema_migration", options: null, CancellationToken.None);
        await model.Client.ExecuteAsync("drop table events_to_hourly", options: null, CancellationToken.None);

        var applied = await model.MigrateAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(applied, Has.Count.EqualTo(ReadModelSchema.Files.Count));
            Assert.That(await model.Ask("exists table events_to_hourly"), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task A_file_that_was_changed_after_it_was_applied_stops_with_its_name()
    {
        await using var model = await Model.CreateAsync();
        var migrator = new SchemaMigrator(model.Client, model.Database, new ReadModelOptions().ToSchema());
        var changed = ReadModelSchema.Files[0] with { Text = "select 1;" };

        Assert.That(async () => await migrator.MigrateAsync([changed], CancellationToken.None),
            Throws.InvalidOperationException.With.Message.Contains("0001_events.sql"));
    }

    [Test]
    public async Task Every_table_and_column_tells_what_it_is()
    {
        await using var model = await Model.CreateAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(await model.Ask("""
                select table, name from system.columns
                where database = currentDatabase() and comment = '' and not endsWith(table, '_migration')
                    and table in (
                        select name from system.tables where database = currentDatabase() and engine like '%MergeTree')
                """), Is.Empty);
            Assert.That(await model.Ask("""
                select name from system.tables
                where database = currentDatabase() and comment = '' and engine like '%MergeTree'
                """), Is.Empty);
        });
    }

    [Test]
    public async Task Every_table_that_rows_come_into_remembers_enough_blocks()
    {
        await using var model = await Model.CreateAsync();

        Assert.That(await model.Ask("""
            select count(), countIf(create_table_query like '%non_replicated_deduplication_window = 10000%')
            from system.tables
            where database = currentDatabase() and engine like '%MergeTree' and name != 'schema_migration'
            """), Is.EqualTo("8,8"));
    }

    [Test]
    public void The_same_text_on_a_cluster_is_pinned()
    {
        var schema = new SchemaText(new ReadModelOptions { Cluster = "tributary" }.ToSchema());
        var written = string.Concat(
            ReadModelSchema.Files.Select(file => $"-- {file.Name}\n{schema.Render(file.Text)}\n"));

        GoldenFile.Matches("services/ingestion/clickhouse/tests/golden/cluster.sql", written);
    }

    [Test]
    public void A_word_that_nobody_knows_is_refused()
    {
        Assert.That(() => new SchemaText(new SchemaOptions()).Render("ttl {{never}}"),
            Throws.InstanceOf<FormatException>());
    }
}
