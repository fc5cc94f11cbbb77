-- What happens now: the events of the last minute before a moment, by kind.
select event, count() as events
from events
where organisation = {organisation:UUID}
    and at > {to:DateTime('UTC')} - interval 1 minute and at <= {to:DateTime('UTC')}
group by event
order by event
