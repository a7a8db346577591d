import { withClient } from '../support/with-client.ts';

const TABLES = ['users', 'tenants', 'memberships', 'app_clients', 'audit_events'];

/** Switches row level security of every table, as the owner. Plans made before are made anew by the server. */
export async function setPolicies(ownerUrl: string, areOn: boolean): Promise<void> {
  const change = areOn
    ? 'enable row level security, force row level security'
    : 'disable row level security, no force row level security';
  await withClient(ownerUrl, (owner) => owner.query(TABLES.map((table) => `alter table ${table} ${change};`).join('')));
}
