import type { Stage } from '../support/stage.ts';

const TABLES = ['users', 'tenants', 'memberships', 'app_clients', 'audit_events'];

/** Switches row level security of every table. Plans made before are made anew by the server. */
export async function setPolicies({ asOwner }: Stage, areOn: boolean): Promise<void> {
  const change = areOn
    ? 'enable row level security, force row level security'
    : 'disable row level security, no force row level security';
  await asOwner((owner) => owner.query(TABLES.map((table) => `alter table ${table} ${change};`).join('')));
}
