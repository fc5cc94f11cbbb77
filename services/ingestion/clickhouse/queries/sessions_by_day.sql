-- Sessions by day: how many, how long, how many pages, how many left at once.
select
    toDate(started) as day,
    count() as sessions,
    round(avg(dateDiff('second', started, ended))) as seconds,
    round(avg(pages), 2) as pages_each,
    countIf(seen = 1) as bounced
from
(
    select session_id, min(started_at) as started, max(ended_at) as ended, sum(pages) as pages, sum(events) as seen
    from sessions
    where organisation = {organisation:UUID}
        and month >= toStartOfMonth(toDate({from:DateTime('UTC')})) and month <= toDate({to:DateTime('UTC')})
    group by session_id
    having started >= {from:DateTime('UTC')} and started < {to:DateTime('UTC')}
)
group by day
order by day
