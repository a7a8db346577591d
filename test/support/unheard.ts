import { withClient } from './database.ts';
import type { Product } from './product.ts';

const TRIGGERS = ['cut_off_changed_membership', 'cut_off_ended_membership'];

/**
 * Changes memberships without a word to any node: so a node stands to a change it has yet to hear of, and what refuses then
 * is the domain alone.
 */
export function changeUnheard({ database }: Product, sql: string, values: unknown[]): Promise<void> {
  const switchAll = (to: 'disable' | 'enable') =>
    TRIGGERS.map((trigger) => `alter table memberships ${to} trigger ${trigger}`).join('; ');
  return withClient(database.ownerUrl, async (owner) => {
    await owner.query(`begin; ${switchAll('disable')}`);
    await owner.query(sql, values);
    await owner.query(`${switchAll('enable')}; commit`);
  });
}
