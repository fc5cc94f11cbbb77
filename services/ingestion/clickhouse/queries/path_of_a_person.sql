-- What one person did, in order.
select at, event, name, page_url, revenue
from events
where organisation = {organisation:UUID}
    and person = {person:String}
    and at >= {from:DateTime('UTC')} and at < {to:DateTime('UTC')}
order by at
limit 1000
