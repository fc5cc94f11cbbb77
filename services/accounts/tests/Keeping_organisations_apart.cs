using Tributary.Postgres.Testing;

namespace Tributary.Accounts.Tests;

[Category("Integration")]
public class Keeping_organisations_apart
{
    [Test]
    public async Task No_table_shows_or_takes_a_row_of_another_organisation()
    {
        await using var database = await TestDatabase.CreateAsync(
            AccountsService.Name, typeof(AccountsService).Assembly);

        var violations = await TenancyRules.ViolationsAsync(
            database, new TenancyDeclarations { Lookups = ["list_organizations(uuid, integer)"] });

        Assert.That(violations, Is.Empty);
    }
}
