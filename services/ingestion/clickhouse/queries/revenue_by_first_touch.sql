-- Revenue by the campaign that each person came with first.
select campaign, count() as people, sum(total) as total_revenue
from
(
    select person, argMin(utm_campaign, first_at) as campaign, sum(revenue) as total
    from users_daily
    where organisation = {organisation:UUID}
        and day >= toDate({from:DateTime('UTC')}) and day < toDate({to:DateTime('UTC')})
    group by person
)
group by campaign
order by total_revenue desc, campaign
limit 20
