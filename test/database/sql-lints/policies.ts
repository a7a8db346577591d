import type { Mistake } from './mistake.ts';

const TENANT = `(select nullif(current_setting('app.tenant_id', true), '')::uuid)`;
const CALLER = `(select nullif(current_setting('app.user_id', true), '')::uuid)`;
const HOLD_TO_TENANT = `begin its "using" with tenant_id = ${TENANT}, and go on with "and".`;
const HOLD_TO_CALLER = `begin its "using" with tenant_id = any (array(select m.tenant_id from memberships m where m.user_id = ${CALLER})), and go on with "and".`;

const toTenant = (sql: string) => `alter policy tenant_reach on notes ${sql}`;
const toSelf = (sql: string) => `alter policy self_reach on notes ${sql}`;
const ofTenant = (mistake: string, using: string): Mistake => ({
  mistake,
  sql: toTenant(`using (${using})`),
  line: `Policy "tenant_reach" on "notes" does not hold "tenantry_tenant" to the tenant: ${HOLD_TO_TENANT}`,
  mend: toTenant(`using (tenant_id = ${TENANT} and title <> '')`),
});
const ofSelf = (mistake: string, using: string): Mistake => ({
  mistake,
  sql: toSelf(`using (${using})`),
  line: `Policy "self_reach" on "notes" does not hold "tenantry_self" to the caller: ${HOLD_TO_CALLER}`,
  mend: toSelf(`using (author_id = ${CALLER} and title <> '')`),
});

export const POLICIES: readonly Mistake[] = [
  ofTenant('a TENANT policy that is open', 'true'),
  ofTenant('a TENANT policy with a way round', `tenant_id = ${TENANT} or title = 'public'`),
  ofTenant(
    'a TENANT policy with a way round further out',
    `(tenant_id = ${TENANT} and title <> '') or title = 'public'`,
  ),
  ofTenant('a TENANT policy turned into its opposite', `not (tenant_id = ${TENANT} and title <> '')`),
  ofTenant(
    'a TENANT policy whose answer is only compared',
    `(tenant_id = ${TENANT} and title <> '') = (title is null)`,
  ),
  ofTenant('a TENANT policy that takes no tenant for all', `tenant_id = coalesce(${TENANT}, tenant_id)`),
  ofTenant('a TENANT policy that asks another setting', `tenant_id = ${TENANT.replace('app.tenant_id', 'app.tenant')}`),
  ofTenant('a TENANT policy about another column', `id = ${TENANT}`),
  ofTenant('a TENANT policy that knows the caller alone', `author_id = ${CALLER}`),
  {
    mistake: 'a TENANT policy that checks less of what is written than of what is read',
    sql: toTenant('with check (true)'),
    line: `Policy "tenant_reach" on "notes" does not hold "tenantry_tenant" to the tenant: ${HOLD_TO_TENANT.replace('using', 'with check')}`,
    mend: toTenant(`with check (tenant_id = ${TENANT})`),
  },
  {
    mistake: 'a second TENANT policy, which widens the first',
    sql: 'create policy also on notes for select to tenantry_tenant using (true)',
    line: `Policy "also" on "notes" does not hold "tenantry_tenant" to the tenant: ${HOLD_TO_TENANT}`,
    mend: 'drop policy also on notes',
  },
  ofSelf('a SELF policy that is open', 'true'),
  ofSelf('a SELF policy that knows the tenant alone', `tenant_id = ${TENANT}`),
  ofSelf('a SELF policy with a way round', `author_id = ${CALLER} or author_id is null`),
  ofSelf(
    'a SELF policy of all members',
    'tenant_id = any (array(select m.tenant_id from memberships m where m.user_id is not null))',
  ),
  {
    mistake: 'a PLATFORM policy under which rows can be written',
    sql: 'create policy also on notes for update to tenantry_platform using (true)',
    line: 'Policy "also" on "notes" lets "tenantry_platform" write, which only reads across tenants: create it for select.',
    mend: 'drop policy also on notes',
  },
];
