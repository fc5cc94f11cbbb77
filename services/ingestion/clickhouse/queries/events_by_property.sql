-- Events of one kind by a value in their properties.
select JSONExtractString(properties, {property:String}) as value, count() as events
from events
where organisation = {organisation:UUID}
    and event = {event:String}
    and at >= {from:DateTime('UTC')} and at < {to:DateTime('UTC')}
group by value
order by events desc, value
limit 20
