import type { Team } from './world.ts';

/** Whose an id or a mark is. */
export type Owners = {
  isOf(thing: string, tenantId: string): boolean;
  /** Every id and mark in a text that belongs to none of these tenants; an id nobody gave out is foreign, too. */
  findForeign(text: string, tenantIds: readonly string[]): readonly string[];
};

const THING = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mark-\d+/g;

export function createOwners(teams: readonly Team[]): Owners {
  const tenantsOf = new Map<string, Set<string>>();
  const own = (thing: string, tenantId: string) =>
    tenantsOf.set(thing, (tenantsOf.get(thing) ?? new Set()).add(tenantId));
  for (const { tenantId, mark, members } of teams) {
    for (const thing of [tenantId, mark]) own(thing, tenantId);
    for (const { sub, membershipId, email } of members) {
      for (const thing of [sub, membershipId, ...(email.match(THING) ?? [])]) own(thing, tenantId);
    }
  }
  const isOf = (thing: string, tenantId: string) => tenantsOf.get(thing)?.has(tenantId) ?? false;
  return {
    isOf,
    findForeign: (text, tenantIds) =>
      (text.match(THING) ?? []).filter((thing) => !tenantIds.some((tenantId) => isOf(thing, tenantId))),
  };
}
