-- SHA-256 of the shipped model that a training was put on: another one that ships later is learnt on anew. Null: from before.
alter table models add column base bytea;
comment on column models.base is 'personal=no';
