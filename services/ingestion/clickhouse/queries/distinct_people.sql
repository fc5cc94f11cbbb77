-- Distinct people by day, within 2 %.
select day, uniqCombined64Merge(12)(people) as distinct_people
from events_daily
where organisation = {organisation:UUID}
    and day >= toDate({from:DateTime('UTC')}) and day < toDate({to:DateTime('UTC')})
group by day
order by day
