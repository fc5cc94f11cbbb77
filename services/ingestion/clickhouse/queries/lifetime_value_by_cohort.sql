-- What a month's newcomers have brought on average, by months since they came.
select
    cohort, months_later, newcomers,
    round(sum(paid) over (partition by cohort order by months_later) / newcomers, 2) as lifetime_value
from
(
    select
        toStartOfMonth(came) as cohort,
        if(place = 0, 0, dateDiff('month', cohort, day)) as months_later,
        sum(amount) as paid,
        sum(countIf(place <= 1)) over (partition by cohort) as newcomers
    from
    (
        select
            min(day) as came,
            groupArrayIf(day, revenue != 0) as days,
            groupArrayIf(revenue, revenue != 0) as amounts
        from users_daily
        where organisation = {organisation:UUID}
            and day >= toDate({from:DateTime('UTC')}) and day < toDate({to:DateTime('UTC')})
        group by person
    )
    left array join days as day, amounts as amount, arrayEnumerate(days) as place
    group by cohort, months_later
)
order by cohort, months_later
