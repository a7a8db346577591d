-- A call of the pool may come late, twice or replayed: these say what of it is news.
alter table users
  add column email_as_of timestamptz(0),
  add column confirmed_at timestamptz(3);
