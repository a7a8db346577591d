-- Sign-ins of browsers (src/sessions). Their tokens stay here; a browser has an id that says nothing and opens nothing else.
create table browser_sessions (
  key uuid constraint browser_sessions_pkey primary key,
  user_id uuid not null,
  -- `origin_jti`.
  session_id text not null,
  authenticated_at timestamptz(0) not null,
  -- JWE, for this row alone.
  tokens text not null,
  -- Of the access token among them.
  expires_at timestamptz(0) not null,
  -- One more with each refresh.
  version integer not null default 0,
  -- Until then one node asks the pool for new tokens, and no other does.
  refreshing_until timestamptz(3),
  created_at timestamptz(3) not null default current_timestamp,
  ends_at timestamptz(3) not null,
  ended_at timestamptz(3),
  -- Once it has ended: when the pool is told to revoke its refresh token.
  revoke_at timestamptz(3)
);
create index browser_sessions_user_id_session_id_idx on browser_sessions (user_id, session_id);
create index browser_sessions_ends_at_idx on browser_sessions (ends_at);
create index browser_sessions_revoke_at_idx on browser_sessions (revoke_at);

-- What a browser may show for one. Each refresh gives it a new id, and the ones before it are spent when that one is first
-- shown: whoever shows a spent one later has it from somewhere else.
create table browser_session_ids (
  -- SHA-256 of the id, in base64url.
  hash text constraint browser_session_ids_pkey primary key,
  session_key uuid not null constraint browser_session_ids_session_key_fkey
    references browser_sessions (key) on delete cascade on update cascade,
  version integer not null,
  used_at timestamptz(3),
  spent_at timestamptz(3)
);
create index browser_session_ids_session_key_idx on browser_session_ids (session_key);

alter table browser_sessions enable row level security, force row level security;
create policy self_reach on browser_sessions to tenantry_self
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy system_reach on browser_sessions to tenantry_system using (true);
grant select (user_id, session_id, authenticated_at, ended_at), update (ended_at, revoke_at)
  on browser_sessions to tenantry_self;
grant select, insert, update, delete on browser_sessions to tenantry_system;
alter table browser_session_ids enable row level security, force row level security;
create policy system_reach on browser_session_ids to tenantry_system using (true);
grant select, insert, update, delete on browser_session_ids to tenantry_system;

-- By a trigger, so that nothing that ends a sign-in leaves its refresh token behind.
create function end_browser_sessions() returns trigger language plpgsql as $$
begin
  update browser_sessions set ended_at = current_timestamp, revoke_at = current_timestamp
  where user_id = new.of_user and ended_at is null and case new.kind
    when 'SESSION' then session_id = new.name
    when 'USER' then authenticated_at <= to_timestamp(new.value::bigint)
    else new.value::boolean end;
  return null;
end
$$;
create trigger end_browser_sessions after insert on cutoffs
  for each row when (new.kind in ('SESSION', 'USER', 'ACCOUNT')) execute function end_browser_sessions();
