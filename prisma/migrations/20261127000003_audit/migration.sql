-- What was refused is kept beside what was done; one row tells of all that were refused alike.
alter table audit_events
  add column outcome text not null default 'ALLOWED' constraint audit_events_outcome_check check (outcome in ('ALLOWED', 'DENIED')),
  add column reason text constraint audit_events_reason_check check (char_length(reason) <= 200),
  add column ip text,
  add column count integer not null default 1 constraint audit_events_count_check check (count > 0);

-- One for each way to ask, newest first. Text, instants and ids compare leakproof, so row policies let all of them through.
create index audit_events_tenant_id_at_id_idx on audit_events (tenant_id, at, id);
create index audit_events_tenant_id_action_at_id_idx on audit_events (tenant_id, action, at, id);
create index audit_events_tenant_id_actor_id_at_id_idx on audit_events (tenant_id, actor_id, at, id);
create index audit_events_tenant_id_actor_id_action_at_id_idx on audit_events (tenant_id, actor_id, action, at, id);
drop index audit_events_tenant_id_id_idx;

-- Each event once more, as one link of its tenant's chain: `mac` covers the event, its place and the link before it. No
-- foreign key leads to the event, which is another tenant's for every chain but one, and whose absence is to be seen.
create table audit_seals (
  -- The tenant; the nil UUID for events of none.
  chain uuid not null,
  seq bigint not null,
  event_id uuid not null,
  mac bytea not null,
  key_id text not null,
  sealed_at timestamptz(3) not null,
  constraint audit_seals_pkey primary key (chain, seq)
);
create unique index audit_seals_event_id_key on audit_seals (event_id);

alter table audit_seals enable row level security, force row level security;
create policy system_reach on audit_seals to tenantry_system using (true);
grant select, insert on audit_seals to tenantry_system;
