import type { Mistake } from './mistake.ts';

export const TABLES: readonly Mistake[] = [
  {
    mistake: 'row policies that are not forced',
    sql: 'alter table notes no force row level security',
    line: `Table "notes" is without forced row policies: call hold_to_tenant('notes').`,
    mend: "call hold_to_tenant('notes')",
  },
  {
    mistake: 'no row policies at all',
    sql: `drop policy tenant_reach on notes; drop policy self_reach on notes; drop policy platform_reach on notes;
          drop policy system_reach on notes; alter table notes disable row level security`,
    line: `Table "notes" is without forced row policies: call hold_to_tenant('notes').`,
    mend: "call hold_to_tenant('notes')",
  },
  {
    mistake: 'a table of no tenant without row policies',
    sql: 'create table units (id int)',
    line: 'Table "units" is without forced row policies: alter table "units" enable row level security, force row level security.',
    mend: 'alter table "units" enable row level security, force row level security',
  },
  {
    mistake: 'a table of no tenant that tenants may read',
    sql: `create table units (id int); alter table units enable row level security, force row level security;
          create policy units_reach on units to tenantry_tenant using (true); grant select on units to tenantry_tenant`,
    line: `Table "units" belongs to no tenant, and "tenantry_tenant" may touch it: give it tenant_id uuid not null and call hold_to_tenant('units'), or revoke the grant.`,
    mend: 'revoke select on units from tenantry_tenant',
  },
  {
    mistake: 'policies for two reaches alone',
    sql: 'drop policy self_reach on notes; drop policy platform_reach on notes',
    line: `Table "notes" has no policy for tenantry_platform, tenantry_self: call hold_to_tenant('notes').`,
    mend: "call hold_to_tenant('notes')",
  },
  ...['tenant', 'self', 'platform', 'system'].map((reach) => ({
    mistake: `no policy for reach ${reach}`,
    sql: `drop policy ${reach}_reach on notes`,
    line: `Table "notes" has no policy for tenantry_${reach}: call hold_to_tenant('notes').`,
    mend: "call hold_to_tenant('notes')",
  })),
  {
    mistake: 'a policy for a reach that only narrows',
    sql: 'drop policy tenant_reach on notes; create policy narrow on notes as restrictive to tenantry_tenant using (true)',
    line: `Table "notes" has no policy for tenantry_tenant: call hold_to_tenant('notes').`,
    mend: "call hold_to_tenant('notes')",
  },
  {
    mistake: 'rows without a tenant',
    sql: `alter table notes drop constraint notes_pkey, alter column tenant_id drop not null;
          create index on notes (tenant_id)`,
    line: 'Table "notes" has rows without a tenant: alter table "notes" alter column tenant_id set not null.',
    mend: 'alter table "notes" alter column tenant_id set not null; alter table notes add primary key (tenant_id, id)',
  },
];
