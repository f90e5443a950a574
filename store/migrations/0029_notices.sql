-- Alerts to staff. Its tables are made with the notices.
select 1;
