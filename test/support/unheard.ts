import { withClient } from './database.ts';
import type { Product } from './product.ts';

// The triggers that tell nodes of a change of a row, by table.
const TRIGGERS = {
  memberships: ['cut_off_changed_membership', 'cut_off_ended_membership'],
  tenants: ['tell_changed_tenant'],
} as const;

/**
 * Changes memberships without a word to any node: so a node stands to a change it has yet to hear of, and what refuses then
 * is the domain alone.
 */
export function changeUnheard(product: Product, sql: string, values: unknown[]): Promise<void> {
  return changeWithout('memberships', product, sql, values);
}

/** The same for tenants. */
export function changeTenantUnheard(product: Product, sql: string, values: unknown[]): Promise<void> {
  return changeWithout('tenants', product, sql, values);
}

function changeWithout(
  table: keyof typeof TRIGGERS,
  { database }: Product,
  sql: string,
  values: unknown[],
): Promise<void> {
  const switchAll = (to: 'disable' | 'enable') =>
    TRIGGERS[table].map((trigger) => `alter table ${table} ${to} trigger ${trigger}`).join('; ');
  return withClient(database.ownerUrl, async (owner) => {
    await owner.query(`begin; ${switchAll('disable')}`);
    await owner.query(sql, values);
    await owner.query(`${switchAll('enable')}; commit`);
  });
}
