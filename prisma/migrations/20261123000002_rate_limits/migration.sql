-- How often each caller and each address asked in the minute under way. Unlogged: a count is worth nothing after a crash,
-- and is not worth a write-ahead record. Pages keep room for new versions of a row, which change no index.
-- rate-limiter-flexible inserts by position: key, points, expire.
create unlogged table rate_limits (
  key text not null constraint rate_limits_pkey primary key,
  points integer not null,
  -- Milliseconds since 1970.
  expire bigint
) with (fillfactor = 50);

alter table rate_limits enable row level security, force row level security;
create policy system_reach on rate_limits to tenantry_system using (true);
grant select, insert, update, delete on rate_limits to tenantry_system;
