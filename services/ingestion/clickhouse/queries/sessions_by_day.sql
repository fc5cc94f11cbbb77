-- Sessions by day: how many, how long, how many pages, how many left at once. One that began the day before is found
-- there, so that it counts for that day alone.
select
    toDate(started) as day,
    count() as sessions,
    round(avg(dateDiff('second', started, ended))) as seconds,
    round(avg(pages), 2) as pages_each,
    countIf(seen = 1) as bounced
from
(
    select min(started_at) as started, max(ended_at) as ended, sum(pages) as pages, sum(events) as seen
    from sessions
    where organisation = {organisation:UUID}
        and day >= toDate({from:DateTime('UTC')}) - 1 and day <= toDate({to:DateTime('UTC')})
    group by session_id, anonymous_id
    having started >= {from:DateTime('UTC')} and started < {to:DateTime('UTC')}
)
group by day
order by day
