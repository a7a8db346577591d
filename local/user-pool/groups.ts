import { resourceNotFound } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Group } from './state/state.ts';

/** Throws ResourceNotFoundException. */
export function getGroup(pool: Pool, name: string): Group {
  const group = pool.state.groups.get(name);
  if (!group) throw resourceNotFound('Group not found.');
  return group;
}
