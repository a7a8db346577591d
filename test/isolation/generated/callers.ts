import type { MembershipRole } from '../../../src/identity/principal.ts';
import { toMachineClaims, toUserClaims } from '../../support/people.ts';
import type { Caller, CallerKind } from './caller.ts';
import { HOMES, type Home, otherThan } from './home.ts';
import { SCOPES } from './subject.ts';
import type { World } from './two-tenants.ts';

const NOBODY = { kind: 'NOBODY', standing: null, memberOf: [], groups: [], scopes: [] } as const;
const USER = { ...NOBODY, kind: 'USER', groups: ['Users'] } as const;
const MACHINE = { ...NOBODY, kind: 'MACHINE', standing: 'MACHINE' } as const;
const STAFF = ['Users', 'Admins'];

export const CALLERS: readonly CallerKind[] = [
  { ...NOBODY, name: 'nobody' },
  { ...USER, name: 'a user without a tenant' },
  { ...USER, name: 'a member', standing: 'MEMBER', memberOf: ['home'] },
  { ...USER, name: 'an admin', standing: 'ADMIN', memberOf: ['home'] },
  { ...USER, name: 'an owner', standing: 'OWNER', memberOf: ['home'] },
  { ...USER, name: 'a member of both tenants', standing: 'MEMBER', memberOf: ['home', 'other'] },
  { ...USER, name: 'a removed member', standing: 'MEMBER' },
  { ...USER, name: 'an owner by a group of the pool alone', groups: ['Users', 'TenantOwners'] },
  { ...USER, name: 'platform staff without a tenant', groups: STAFF },
  { ...USER, name: 'platform staff with a tenant', groups: STAFF, standing: 'MEMBER', memberOf: ['home'] },
  { ...MACHINE, name: 'a machine without a scope' },
  ...SCOPES.map((scope) => ({ ...MACHINE, name: `a machine with ${scope}`, scopes: [scope] })),
];

/** Everybody in each of the tenants, so that the owner of one is also a stranger to the other. */
export async function createCallers(world: World): Promise<readonly Caller[]> {
  const callers: Caller[] = [];
  for (const home of HOMES) for (const kind of CALLERS) callers.push(await createCaller(world, kind, home));
  return callers;
}

async function createCaller(world: World, kind: CallerKind, home: Home): Promise<Caller> {
  const memberOf = kind.memberOf.map((place) => (place === 'home' ? home : otherThan(home)));
  const places = new Map(memberOf.map((at) => [at, toRole(kind)]));
  const subject = kind.kind === 'USER' ? await world.addPerson(kind.name, home, places) : null;
  const tenant = kind.standing === null ? null : home;
  return { ...kind, home, subject, tenant, memberOf, token: await signToken(world, kind, subject, tenant) };
}

async function signToken(
  { product, tenantIds }: World,
  caller: CallerKind,
  subject: string | null,
  tenant: Home | null,
): Promise<string | null> {
  if (caller.kind === 'NOBODY') return null;
  const place = tenant === null ? {} : { tenant_id: tenantIds[tenant] };
  const role = tenant === null ? {} : { tenant_role: toRole(caller) };
  const claims =
    subject === null
      ? toMachineClaims(product, { ...place, scope: caller.scopes.join(' ') })
      : toUserClaims(product, subject, { ...place, ...role, 'cognito:groups': caller.groups });
  return product.pool.signToken(claims);
}

function toRole({ standing }: CallerKind): MembershipRole {
  return standing === null || standing === 'MACHINE' ? 'MEMBER' : standing;
}
