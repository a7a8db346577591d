import type { Person } from '../people.ts';
import type { Answer, Product } from '../product.ts';
import { type Bearer, type Life, PEOPLE } from './life.ts';

const STATE = `select t.id, t.name, t.status, t.member_count as count, t.member_limit as "memberLimit",
    t.join_by_domain as "joinByDomain",
    (select coalesce(json_object_agg(m.user_id, m.role), '{}') from memberships m where m.tenant_id = t.id) as places,
    (select coalesce(json_object_agg(m.user_id, m.id), '{}') from memberships m where m.tenant_id = t.id) as ids,
    (select coalesce(json_object_agg(m.user_id, m.version), '{}') from memberships m where m.tenant_id = t.id) as versions,
    (select coalesce(json_object_agg(i.id,
       case when i.status = 'PENDING' and i.expires_at <= now() then 'EXPIRED' else i.status end), '{}')
     from invitations i where i.tenant_id = t.id) as offers,
    (select case when d.verified_at is null then 'SAID' else 'SHOWN' end
     from tenant_domains d where d.tenant_id = t.id) as domain
  from tenants t where t.id = any($1)`;

type Row = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly count: number;
  readonly memberLimit: number | null;
  readonly joinByDomain: boolean;
  readonly places: Readonly<Record<string, string>>;
  readonly ids: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, number>>;
  readonly offers: Readonly<Record<string, string>>;
  readonly domain: string | null;
};

/** A tenant as it stands, in the words of both the model and the database. */
export type State = Omit<Row, 'id' | 'ids' | 'versions' | 'places' | 'offers' | 'domain'> & {
  readonly domain: string;
  readonly places: readonly (string | null)[];
  readonly offers: readonly string[];
};

/** The rows of these tenants, in this order. */
export async function readHouses({ sql }: Product, tenantIds: readonly string[]): Promise<readonly Row[]> {
  const rows = await sql<Row>(STATE, [tenantIds]);
  return tenantIds.map((id) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) throw new Error(`tenant ${id} is gone`);
    return row;
  });
}

/** What the database holds of a tenant. */
export function toState(
  { id: _, ids: __, versions: ___, places, offers, domain, ...rest }: Row,
  people: readonly Person[],
  made: readonly { readonly id: string }[],
): State {
  return {
    ...rest,
    domain: domain ?? 'NONE',
    places: people.map(({ sub }) => places[sub] ?? null),
    offers: made.flatMap((offer) => offers[offer.id] ?? []),
  };
}

/** What the database must hold of this life. */
export function toExpected({ houses, offers }: Life): readonly State[] {
  return houses.map((house, index) => ({
    name: house.name,
    status: house.status,
    count: house.places.length,
    memberLimit: house.memberLimit,
    joinByDomain: house.joinByDomain,
    domain: house.domain,
    places: Array.from({ length: PEOPLE }, (_, i) => house.places.find(({ person }) => person === i)?.role ?? null),
    offers: offers.filter((offer) => offer.house === index).map(({ state }) => state),
  }));
}

/** The rest of what an answer must say: a list is of all who are there, and of nobody else. */
export function toListed({ houses }: Life, { house }: Bearer) {
  const roles = (houses[house]?.places ?? []).map(({ role }) => role).toSorted();
  return { roles, totalCount: roles.length, memberCount: roles.length };
}

export function readListed({ body }: Answer) {
  const { members, tenant } = body.data;
  const roles = members.nodes.map(({ role }: { readonly role: string }) => role).toSorted();
  return { roles, totalCount: members.totalCount, memberCount: tenant.memberCount };
}
