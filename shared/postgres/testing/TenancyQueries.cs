namespace Tributary.Postgres.Testing;

/// <summary>What the catalogue says about a service's schema. Each query returns who breaks its rule.</summary>
internal static class TenancyQueries
{
    public static readonly IReadOnlyList<(string Rule, string Sql)> All =
    [
        ("bypasses row-level security", """
            select 'role ' || rolname
            from pg_roles
            where rolname = any(@roles)
              and (rolsuper or rolbypassrls)
            """),
        ("may log in", "select 'role ' || rolname from pg_roles where rolname = any(@roles) and rolcanlogin"),
        ("may take another role", """
            select 'role ' || member.rolname
            from pg_auth_members as membership
            join pg_roles as member on member.oid = membership.member
            where member.rolname = any(@bound)
            """),
        ("is not owned by the service's owner, so policies may not bind its rights", """
            select 'relation ' || relname
            from pg_class
            where relnamespace = @schema::regnamespace
              and relkind in ('r', 'p', 'v', 'm')
              and pg_get_userbyid(relowner) <> @owner
            """),
        ("has no forced row-level security and is not in the closed list of plumbing", """
            select 'table ' || relname
            from pg_class
            where relnamespace = @schema::regnamespace
              and relkind in ('r', 'p')
              and relname <> all(@plumbing)
              and not (relrowsecurity and relforcerowsecurity)
            """),
        ("is a unique key that does not start with the organisation", """
            select 'index ' || index.relname || ' of ' || guarded.relname
            from pg_index
            join pg_class as index on index.oid = indexrelid
            join pg_class as guarded on guarded.oid = indrelid
            left join pg_attribute as first on first.attrelid = indrelid and first.attnum = indkey[0]
            where guarded.relnamespace = @schema::regnamespace
              and guarded.relname <> all(@plumbing)
              and indisunique
              and first.attname is distinct from 'organisation'
            """),
        ("is a materialised view, which no policy binds, and may be read", """
            select 'relation ' || relname
            from pg_class
            where relnamespace = @schema::regnamespace
              and relkind = 'm'
              and (has_table_privilege(@request, oid, 'select') or has_table_privilege(@consumer, oid, 'select'))
            """),
        ("is plumbing, and the request role has rights on it", """
            select 'table ' || relname
            from pg_class
            where relnamespace = @schema::regnamespace
              and relname = any(@plumbing)
              and (has_any_column_privilege(@request, oid, 'select, insert, update')
                or has_table_privilege(@request, oid, 'delete, truncate'))
            """),
        ("is plumbing, and the consumer role has rights on it", """
            select 'table ' || relname
            from pg_class
            where relnamespace = @schema::regnamespace
              and relname = any(@plumbing)
              and relname <> all(@consumersPlumbing)
              and (has_any_column_privilege(@consumer, oid, 'select, insert, update')
                or has_table_privilege(@consumer, oid, 'delete, truncate'))
            """),
        ("can be truncated, which no policy binds", """
            select 'table ' || relname
            from pg_class, unnest(@bound) as role
            where relnamespace = @schema::regnamespace
              and relkind in ('r', 'p')
              and has_table_privilege(role, oid, 'truncate')
            """),
        ("runs with its definer's rights and is no declared look-up", """
            select 'function ' || oid::regprocedure
            from pg_proc
            where pronamespace = @schema::regnamespace
              and prosecdef
              and proname <> 'outbox_append'
              and not (pg_get_userbyid(proowner) = @lookup
                and proconfig is not null
                and oid = any(select to_regprocedure(name) from unnest(@lookups) as name))
            """),
        ("is a declared look-up that does not exist", """
            select 'function ' || name
            from unnest(@lookups) as name
            where to_regprocedure(name) is null
            """),
    ];

    public const string MakeProbe = """
        create table tributary_probe (organisation uuid not null);
        create policy organisation on tributary_probe using (organisation = any(
            (select string_to_array(current_setting('tributary.organisations', true), ',')::uuid[])::uuid[]))
        """;

    /// <summary>A table without the house's policy, or with one that is no look-up and no public read either.</summary>
    public const string DifferentPolicies = """
        with policy as (
            select relname, polname, polcmd, polpermissive, polroles,
                pg_get_expr(polqual, polrelid) as seen, pg_get_expr(polwithcheck, polrelid) as written
            from pg_class
            join pg_policy on polrelid = pg_class.oid
            where relnamespace = @schema::regnamespace
        ), named as (
            select *,
                polcmd = '*' and polpermissive and polroles = '{0}' and written is null
                    and seen = (select seen from policy where relname = 'tributary_probe') as is_house,
                polcmd = 'r' and polroles = array[(select oid from pg_roles where rolname = @lookup)] as is_lookup,
                polcmd = 'r' and relname = any(@publicReads) as is_public
            from policy
        )
        select 'table ' || relname || ' has the policy ' || polname || ', which is not the house''s: ' || seen
        from named
        where not (is_house or is_lookup or is_public)
        union all
        select 'table ' || relname || ' does not have the house''s policy'
        from pg_class
        where relnamespace = @schema::regnamespace
          and relkind in ('r', 'p')
          and relname <> all(@plumbing)
          and relname not in (select relname from named where is_house)
        """;
}
