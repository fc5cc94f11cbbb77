-- Revenue per person of a month's newcomers, by months since they came.
with
    days as
    (
        select person, day, sum(revenue) as total
        from users_daily
        where organisation = {organisation:UUID}
            and day >= toDate({from:DateTime('UTC')}) and day < toDate({to:DateTime('UTC')})
        group by person, day
    ),
    newcomers as (select person, toStartOfMonth(min(day)) as cohort from days group by person)
select
    cohort,
    dateDiff('month', cohort, day) as months_later,
    sum(total) as total_revenue,
    uniqExact(person) as buyers
from days
join newcomers using person
group by cohort, months_later
order by cohort, months_later
