using Tributary.Postgres.Rows;
using Tributary.Postgres.Testing;

namespace Tributary.Postgres.Tests;

[Category("Integration")]
public sealed class Writing_a_batch
{
    private const string AddRewards = """
        insert into arm (organisation, arm_id, reward)
        select * from unnest(@organisations, @arms, @rewards)
        on conflict (organisation, arm_id) do update set reward = arm.reward + excluded.reward
        """;

    private readonly Guid _organisation = Guid.NewGuid();
    private TestDatabase _test = null!;

    private sealed record Rewarded(Guid Organisation, Guid Arm, double Reward);

    [OneTimeSetUp]
    public async Task Create() => _test = await TestDatabase.CreateAsync("bandit", typeof(Writing_a_batch).Assembly);

    [OneTimeTearDown]
    public async Task Drop() => await (_test?.DisposeAsync() ?? default);

    [Test]
    public void Events_of_one_key_become_one_row_in_key_order()
    {
        (string Key, int Value)[] events = [("b", 1), ("a", 2), ("b", 3)];

        var rows = events.PerKey(one => one.Key, one => one.Value, (sum, next) => sum + next);

        Assert.That(rows.Column((key, sum) => (key, sum)), Is.EqualTo(new[] { ("a", 2), ("b", 4) }));
    }

    [Test]
    public async Task Writers_of_the_same_rows_in_different_orders_do_not_deadlock_and_count_all()
    {
        var arms = Enumerable.Range(0, 200).Select(_ => Guid.NewGuid()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var batch = 0; batch < 20; batch++)
            {
                var inAnyOrder = arms.Concat(arms).OrderBy(_ => random.Next());
                await AddAsync([.. inAnyOrder.Select(arm => new Rewarded(_organisation, arm, 1))]);
            }
        })));

        await using var work = await _test.Database.ForOrganisationAsync(_organisation, default);
        Assert.That(await work.QueryAsync<double>("select distinct reward from arm", null, default),
            Is.EqualTo(new[] { 4 * 20 * 2.0 }));
    }

    private async Task AddAsync(IReadOnlyList<Rewarded> events)
    {
        var rows = events.PerKey(
            one => (one.Organisation, one.Arm), one => one.Reward, (sum, next) => sum + next);
        var columns = new
        {
            organisations = rows.Column((key, _) => key.Organisation),
            arms = rows.Column((key, _) => key.Arm),
            rewards = rows.Column((_, sum) => sum),
        };
        await using var work = await _test.Database.ForOrganisationsAsync(columns.organisations, default);
        await work.ExecuteAsync(AddRewards, columns, default);
        await work.CommitAsync(default);
    }
}
