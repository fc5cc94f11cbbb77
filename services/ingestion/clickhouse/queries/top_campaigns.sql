-- The campaigns that brought the most revenue in one currency.
select utm_campaign, sum(events) as conversions, sum(revenue) as total
from events_hourly
where organisation = {organisation:UUID}
    and event = 'order_completed'
    and currency = 'USD'
    and hour >= {from:DateTime('UTC')} and hour < {to:DateTime('UTC')}
group by utm_campaign
order by total desc, utm_campaign
limit 20
