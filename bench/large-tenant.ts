import { type Comparison, compare } from './support/compare.ts';
import type { Ask } from './support/load.ts';
import type { Population } from './support/population.ts';
import { askAsEach, type Conditions } from './support/rounds.ts';
import type { SignedMember, Stage } from './support/stage.ts';

const NODES = 'nodes { id role user { email displayName } } pageInfo { endCursor hasNextPage }';
const list = (args: string) => `{ members(first: 20${args}) { ${NODES} } }`;

/** What a member asks, by the cursor of a page in the middle and the beginning of many addresses of the tenant. */
const OPERATIONS: Readonly<Record<string, (member: SignedMember, cursor: string, prefix: string) => string>> = {
  'first page': () => list(''),
  'first page and count': () => `{ members(first: 20) { totalCount ${NODES} } }`,
  'middle page': (_, cursor) => list(`, after: "${cursor}"`),
  'page of a role': () => list(', role: MEMBER'),
  'search, many found': (_, __, prefix) => list(`, search: "${prefix}"`),
  'search, one found': ({ email }) => list(`, search: "${email}"`),
  'search in a role': (_, __, prefix) => list(`, role: MEMBER, search: "${prefix}"`),
};

const SMALL = 100;

const LARGE_TENANT: Comparison = {
  name: 'large-tenant',
  about: `Measures over HTTP how long pages and searches take in a tenant of very many members:
  large  asked by members of it
  small  asked by members of tenants of ${SMALL}, in the same database`,
  measured: 'large',
  against: 'small',
  limit: 1.5,
  population: { bigTenantMembers: 1_000_000, otherTenants: 200, otherMembers: SMALL },
  operations: Object.keys(OPERATIONS),
  setConditions,
};

/** `args`: see `--help`. Throws Error with what to do. */
export function largeTenant(args: string[]): Promise<void> {
  return compare(LARGE_TENANT, args);
}

async function setConditions(stage: Stage, population: Population): Promise<Conditions> {
  const server = await stage.start('large_and_small');
  // Addresses are numbered through: those of the large tenant come first.
  const large = stage.members.filter(({ isOfBigTenant }) => isOfBigTenant);
  const small = stage.members.filter(({ isOfBigTenant }) => !isOfBigTenant);
  return [
    { name: 'large', server, asks: await toAsks(server.url, large, population.bigTenantMembers / 2, 'user1') },
    { name: 'small', server, asks: await toAsks(server.url, small, population.otherMembers / 2, 'user') },
  ];
}

async function toAsks(url: string, members: readonly SignedMember[], middle: number, prefix: string) {
  const cursors = new Map<string, string>();
  for (const { tenantId, token } of members) {
    if (!cursors.has(tenantId)) cursors.set(tenantId, await walkTo(url, token, middle));
  }
  return (operation: string): readonly Ask[] =>
    members.map((member) => ({
      token: member.token,
      query: OPERATIONS[operation]?.(member, cursors.get(member.tenantId) ?? '', prefix) ?? '',
    }));
}

/** The cursor of the member at this place, as a client comes to it: page after page. */
async function walkTo(url: string, token: string, place: number): Promise<string> {
  let after = '';
  for (let seen = 0; seen < place; seen += 100) {
    const size = Math.min(100, place - seen);
    const query = `{ members(first: ${size}${after && `, after: "${after}"`}) { pageInfo { endCursor } } }`;
    const [body = ''] = await askAsEach(url, [{ token, query }]);
    after = JSON.parse(body).data.members.pageInfo.endCursor;
  }
  return after;
}
