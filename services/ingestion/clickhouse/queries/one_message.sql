-- One event by its message id.
select at, event, person, properties
from events
where organisation = {organisation:UUID} and message_id = {message_id:String}
limit 1
