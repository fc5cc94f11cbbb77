-- Of the people first seen in a week, how many came back in each week after.
with
    active as
    (
        select person, groupUniqArray(toMonday(day)) as weeks
        from users_daily
        where organisation = {organisation:UUID}
            and day >= toDate({from:DateTime('UTC')}) and day < toDate({to:DateTime('UTC')})
        group by person
    )
select arrayMin(weeks) as cohort, dateDiff('week', cohort, week) as weeks_later, count() as people
from active
array join weeks as week
group by cohort, weeks_later
order by cohort, weeks_later
