import type { ErrorCode } from '../../../src/errors.ts';
import type { Caller } from './caller.ts';
import type { Entry, IdRule } from './facts.ts';
import type { Row } from './home.ts';
import { coordinateOf, type Path } from './paths.ts';
import { FACTS } from './subject.ts';
import { homeOf, type Variant, type Whose } from './variants.ts';
import { isStaff } from './who.ts';

/** Refused with this code, or answered: with a row at the end of the path, or with none. */
export type Expectation = { readonly code: ErrorCode } | { readonly isThere: boolean };

export function expectationOf(path: Path, caller: Caller, variant: Variant): Expectation {
  const code = toRefusal(path, caller, variant);
  if (code !== null) return { code };
  const places = [path.name, ...path.steps.map(coordinateOf)];
  return { isThere: places.every((place) => FACTS.rowsFor[place]?.(caller) ?? true) };
}

/** Whether a row may be written: nothing is by a query, and nothing by what is refused. */
export function mayWrite(path: Path, caller: Caller, variant: Variant): boolean {
  return path.operation === 'mutation' && 'isThere' in expectationOf(path, caller, variant);
}

/** What is the tenant itself, and so of everybody who is in it, whatever the token names. */
const OF_A_TENANT = ['Tenant', 'TenantDomain'];

/** Whether an answer to this caller at this root field may show anything of the row. */
export function mayShow(root: string, caller: Caller, row: Row): boolean {
  const { reach } = entryOf(root);
  if (reach === 'NONE') return false;
  if (reachesAll(root, caller)) return true;
  if (caller.tenant !== null && row.homes.includes(caller.tenant)) return true;
  const isOwn = row.subject !== null && row.subject === caller.subject;
  if (isOwn && row.type === 'User') return true;
  if (reach !== 'SELF') return false;
  return isOwn || (OF_A_TENANT.includes(row.type) && row.homes.some((home) => caller.memberOf.includes(home)));
}

/** Whether every row is within the caller's reach here, so that no id is foreign. */
export function reachesAll(root: string, caller: Caller): boolean {
  return entryOf(root).reach === 'PLATFORM' && isStaff(caller);
}

function toRefusal({ root }: Path, caller: Caller, { varied }: Variant): ErrorCode | null {
  const entry = entryOf(root);
  if (!entry.may(caller)) return caller.kind === 'NOBODY' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  if (varied === null && needsTenant(entry) && caller.tenant === null) return 'TENANT_REQUIRED';
  if (entry.always !== undefined) return entry.always;
  if (varied === null) return null;

  const { slot, whose } = varied;
  const rule = entry.ids?.[slot.name];
  if (rule?.may?.(caller) === false) return 'FORBIDDEN';
  const isTenant = FACTS.samples[slot.coordinate]?.ids?.[slot.name] === 'Tenant';
  if (needsTenant(entry) && caller.tenant === null && !isTenant) return 'TENANT_REQUIRED';
  return isWithinReach(root, caller, whose, rule) ? null : (rule?.unknown ?? 'NOT_FOUND');
}

function isWithinReach(root: string, caller: Caller, whose: Whose, rule: IdRule | undefined): boolean {
  if (whose === 'unknown') return false;
  if (rule?.isWithin) return rule.isWithin(caller, homeOf(caller, whose));
  return reachesAll(root, caller) || (whose === 'own' && caller.tenant !== null);
}

function needsTenant({ reach, isAboutTenant }: Entry): boolean {
  return reach === 'TENANT' || isAboutTenant === true;
}

function entryOf(root: string): Entry {
  const entry = FACTS.entries[root];
  if (entry === undefined) throw new Error(`no facts say who may enter at ${root}`);
  return entry;
}
