import type { MembershipRole } from '../../../src/identity/principal.ts';
import { addMember, addMembership, addTenant, type Member, toUserClaims } from '../people.ts';
import type { Product } from '../product.ts';

/** A tenant with its people, each of whom calls for one purpose: what one of them changes, nobody else's answer depends on. */
export type Team = {
  readonly tenantId: string;
  /** Stands in every text that is the tenant's: its slug, its name, the addresses and names of its people. */
  readonly mark: string;
  /** Reads, and changes the role of `changing`. */
  readonly owner: Member;
  readonly reader: Member;
  /** Changes his own name. */
  readonly renamed: Member;
  /** Makes tenants. */
  readonly founder: Member;
  /** Calls nobody; his role changes all the time. */
  readonly changing: Member;
  /** The user shared with the team beside it, with his token and membership of this one. */
  readonly shared: Member;
  readonly sharedElsewhere: Member;
  /** All of them, in the order the product lists them. */
  readonly members: readonly Member[];
};

const DOMAIN = 'interleaving.test';
const TOKEN_SECONDS = 12 * 3600;

/** So many teams, an even number; every two of them share a user. */
export async function addTeams(product: Product, count: number): Promise<readonly Team[]> {
  const numbers = Array.from({ length: count / 2 }, (_, index) => 2 * index);
  const teams = (await Promise.all(numbers.map((number) => addPair(product, number)))).flat();
  await product.sql(`update users set display_name = substring(email from 'mark-\\d+') where email like '%@${DOMAIN}'`);
  return teams;
}

/** The text every answer about this tenant, or about the user it shares, is known by. */
const toMark = (number: number) => `mark-${number}`;

async function addPair(product: Product, number: number): Promise<readonly Team[]> {
  const marks = [toMark(number), toMark(number + 1)] as const;
  const [first, second] = await Promise.all(marks.map((mark) => addTenant(product, mark)));
  if (first === undefined || second === undefined) throw new Error('a pair is two tenants');
  const user = await addMember(product, first, 'MEMBER', `shared.${toMark(1_000 + number)}@${DOMAIN}`);
  const [here, there] = await Promise.all([signIn(product, user, 'MEMBER'), join(product, user, second)]);
  return Promise.all([
    addTeam(product, first, marks[0], [here, there]),
    addTeam(product, second, marks[1], [there, here]),
  ]);
}

async function addTeam(
  product: Product,
  tenantId: string,
  mark: string,
  [shared, sharedElsewhere]: readonly [Member, Member],
): Promise<Team> {
  const add = async (name: string, role: MembershipRole = 'MEMBER') =>
    signIn(product, await addMember(product, tenantId, role, `${name}.${mark}@${DOMAIN}`), role);
  const owner = await add('owner', 'OWNER');
  const reader = await add('reader');
  const renamed = await add('renamed');
  const founder = await add('founder');
  const changing = await add('changing');
  const members = [owner, reader, renamed, founder, changing, shared].toSorted(byMembershipId);
  return { tenantId, mark, owner, reader, renamed, founder, changing, shared, sharedElsewhere, members };
}

/** The user shared with one more tenant. */
async function join(product: Product, user: Member, tenantId: string): Promise<Member> {
  const membershipId = await addMembership(product, user, tenantId, 'MEMBER');
  return signIn(product, { ...user, membershipId, tenantId }, 'MEMBER');
}

/** With a token for this tenant that outlives the longest run. */
async function signIn(product: Product, member: Member, role: MembershipRole): Promise<Member> {
  const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS;
  const claims = toUserClaims(product, member.sub, { tenant_id: member.tenantId, tenant_role: role, exp });
  return { ...member, token: await product.pool.signToken(claims) };
}

/** A membership, as far as nothing changes it. */
export const toPlace = ({ membershipId, tenantId }: Member) => ({ id: membershipId, tenantId });

export function byMembershipId(one: Member, other: Member): number {
  return one.membershipId < other.membershipId ? -1 : 1;
}
