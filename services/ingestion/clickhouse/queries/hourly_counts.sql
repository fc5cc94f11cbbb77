-- How many events of each kind by hour, over a span of time.
select hour, event, sum(events) as events
from events_hourly
where organisation = {organisation:UUID} and hour >= {from:DateTime('UTC')} and hour < {to:DateTime('UTC')}
group by hour, event
order by hour, event
