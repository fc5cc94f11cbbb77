-- How far people came on four steps, each step within a day of the first.
select level, count() as people
from
(
    select
        person,
        windowFunnel(86400000)(toUInt64(toUnixTimestamp64Milli(at)),
            event = 'page_viewed', event = 'product_added', event = 'checkout_started', event = 'order_completed'
        ) as level
    from events
    where organisation = {organisation:UUID}
        and event in ('page_viewed', 'product_added', 'checkout_started', 'order_completed')
        and at >= {from:DateTime('UTC')} and at < {to:DateTime('UTC')}
    group by person
)
group by level
order by level
