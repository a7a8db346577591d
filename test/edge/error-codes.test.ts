import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { ERROR_CODES, type ErrorCode } from '../../src/errors.ts';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { codesOf } from '../support/answers.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { addMember, addTenant, addUser, toUserClaims } from '../support/people.ts';
import { type Answer, type Product, startBeside, toOptions, toOverrides } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MEDIA_TYPES = ['application/json', 'application/graphql-response+json'] as const;

// What a team may add: fields that fail, and fields ruled in ways the product's own are not.
const PLANTED = `
  extend type Query { failing: String @auth  secret: String @auth(maxAuthAgeSeconds: 900, mfa: true) }
  extend type Mutation { burn: String @auth(maxAuthAgeSeconds: 900)  note: String @auth @tenantScoped }`;
const PLANTED_RESOLVERS = {
  Query: { failing: () => Promise.reject(new Error('select password from users')), secret: () => 'x' },
  Mutation: { burn: () => 'x', note: () => 'x' },
};

/** For this long the node decides from memory whether a token has ended. */
const STALE_MS = 100;

const PROFILE = '{ viewer { profile { email } } }';
const RENAME = 'mutation { updateProfile(input: { displayName: "Mia" }) { user { displayName } } }';
const PROMOTE = `mutation ($id: ID = "01") {
  changeMemberRole(input: { membershipId: $id, role: ADMIN }) { membership { role } }
}`;

let product: Product;
/** The same product with no database behind it, and with a limit of one request a minute. */
let cut: App;
let hasty: App;

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs(join(ROOT, 'schema')), PLANTED];
  const schema = { typeDefs, resolvers: [...resolvers, PLANTED_RESOLVERS] };
  product = await startBeside(await getSharedProduct(), { overrides: { schema } });
  const options = toOptions(product.pool, product.database);
  const proxy = await startTcpProxy(product.database.appUrl);
  const timings = { revocations: { staleMs: STALE_MS } };
  cut = await createApp({ ...options, database: { ...options.database, url: proxy.url } }, toOverrides({ timings }));
  await proxy.stop();
  hasty = await createApp({ ...options, rateLimits: { ...options.rateLimits, callerPerMinute: 1 } }, toOverrides());
});
afterAll(async () => {
  await Promise.all([cut.close(), hasty.close()]);
  await product[Symbol.asyncDispose]();
});

type Request = {
  readonly token: string | null;
  readonly url?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

async function send(
  { token, url = product.url, path = '/graphql', method = 'POST', headers, body }: Request,
  accept: string,
) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      accept,
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) } satisfies Answer;
}

const toRequest = (token: string | null, query: string, variables?: object, url = product.url): Request => ({
  token,
  url,
  body: JSON.stringify({ query, variables }),
});
const tokenOfMia = () => product.tokenOf('mia@acme.test');
const byMia = async (query: string, variables?: object, url?: string) =>
  toRequest(await tokenOfMia(), query, variables, url);
const withBody = async (body: string, headers = {}): Promise<Request> => ({ token: await tokenOfMia(), body, headers });

/** For a moment what is in memory is answered still: then nobody can tell whether her token has ended. */
async function byMiaWhileCut(query: string): Promise<Request> {
  const request = await byMia(query, undefined, cut.url);
  const data = async () => (await send(request, MEDIA_TYPES[0])).body.data;
  await expect.poll(data, EVENTUALLY).toBeUndefined();
  return request;
}

async function byOneSignedInAnHourAgo(query: string): Promise<Request> {
  const { sub } = await addUser(product);
  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  return toRequest(await product.pool.signToken(toUserClaims(product, sub, { auth_time: hourAgo })), query);
}

const byOneWithoutTenant = async (query: string) => toRequest((await addUser(product)).token, query);

async function byOwnerOfSuspendedTenant(query: string): Promise<Request> {
  const tenantId = await addTenant(product);
  const [owner, member] = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'MEMBER')];
  const suspend = 'mutation ($id: ID!) { suspendTenant(input: { tenantId: $id }) { tenant { id } } }';
  await product.query(await product.tokenOf('root@tenantry.test'), suspend, { id: tenantId });
  return toRequest(owner.token, query, { id: member.membershipId });
}

async function byOneWhoseRoleHasChanged(query: string): Promise<Request> {
  const tenantId = await addTenant(product);
  const [owner, member] = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'MEMBER')];
  await product.query(owner.token, PROMOTE, { id: member.membershipId });
  return toRequest(member.token, query);
}

async function bySomebodyTooHasty(): Promise<Request> {
  const request = await byMia('{ viewer { kind } }', undefined, hasty.url);
  await send(request, MEDIA_TYPES[0]);
  return request;
}

async function byGet(query: string): Promise<Request> {
  const path = `/graphql?query=${encodeURIComponent(query)}`;
  return { token: await tokenOfMia(), method: 'GET', path, headers: { 'apollo-require-preflight': '1' } };
}

type Case = readonly [
  code: ErrorCode,
  what: string,
  json: number,
  graphql: number,
  request: () => Request | Promise<Request>,
];

// The first of each code is the one its page shows.
const CASES: readonly Case[] = [
  ['UNAUTHENTICATED', 'a query without a token', 401, 401, () => toRequest(null, '{ viewer { sub } }')],
  ['UNAUTHENTICATED', 'a token that is none', 401, 401, () => toRequest('garbage', '{ health { status } }')],
  ['FORBIDDEN', 'a field for others', 200, 200, () => byMia('{ viewer { kind } tenants { totalCount } }')],
  ['FORBIDDEN', 'a mutation for others', 200, 403, () => byMia(PROMOTE)],
  ['STEP_UP_REQUIRED', 'a field that wants a fresh sign-in', 200, 200, () => byOneSignedInAnHourAgo('{ secret }')],
  [
    'STEP_UP_REQUIRED',
    'a mutation that wants a fresh sign-in',
    200,
    400,
    () => byOneSignedInAnHourAgo('mutation { burn }'),
  ],
  [
    'TENANT_REQUIRED',
    'a tenant, where the token names none',
    200,
    200,
    () => byOneWithoutTenant('{ tenant { slug } }'),
  ],
  [
    'TENANT_REQUIRED',
    'a mutation in a tenant, where the token names none',
    200,
    400,
    () => byOneWithoutTenant('mutation { note }'),
  ],
  [
    'TOKEN_STALE',
    'a token that tells a role of before',
    401,
    401,
    () => byOneWhoseRoleHasChanged('{ viewer { sub } }'),
  ],
  [
    'TENANT_SUSPENDED',
    'a question about a suspended tenant',
    200,
    200,
    () => byOwnerOfSuspendedTenant('{ members { totalCount } }'),
  ],
  ['TENANT_SUSPENDED', 'a mutation in a suspended tenant', 200, 400, () => byOwnerOfSuspendedTenant(PROMOTE)],
  ['NOT_FOUND', 'a row that is not there', 200, 200, () => byMia('{ member(id: "01") { role } }')],
  ['NOT_FOUND', 'an address where nothing is', 404, 404, async () => ({ ...(await withBody('{}')), path: '/nowhere' })],
  ['BAD_USER_INPUT', 'an argument out of bounds', 200, 200, () => byMia('{ members(first: 101) { totalCount } }')],
  [
    'BAD_USER_INPUT',
    'a variable of another type',
    200,
    400,
    () => byMia('query ($n: Int) { members(first: $n) { totalCount } }', { n: 'many' }),
  ],
  [
    'BAD_USER_INPUT',
    'a condition that is null',
    200,
    400,
    () => byMia('query ($on: Boolean = true) { viewer { kind } health @include(if: $on) { status } }', { on: null }),
  ],
  [
    'CONFLICT',
    'a slug that is taken',
    200,
    200,
    () => byMia('mutation { createTenant(input: { name: "Acme", slug: "acme" }) { tenant { id } } }'),
  ],
  ['RATE_LIMITED', 'one request too many', 429, 429, bySomebodyTooHasty],
  ['PAYLOAD_TOO_LARGE', 'a body beyond the limit', 413, 413, () => withBody(' '.repeat(65_537))],
  [
    'OPERATION_LIMIT_EXCEEDED',
    'a document beyond a limit',
    200,
    400,
    () => byMia(`{ viewer { ${Array.from({ length: 31 }, (_, at) => `a${at}: sub`).join(' ')} } }`),
  ],
  ['GRAPHQL_PARSE_FAILED', 'a document that does not parse', 200, 400, () => byMia('{ viewer { sub }')],
  ['GRAPHQL_VALIDATION_FAILED', 'a field that is not there', 200, 400, () => byMia('{ viewer { shoeSize } }')],
  ['BAD_REQUEST', 'a body that is no JSON', 400, 400, () => withBody('{"query":')],
  [
    'BAD_REQUEST',
    'a body of another type',
    415,
    415,
    () => withBody('{ viewer { sub } }', { 'content-type': 'text/plain' }),
  ],
  ['BAD_REQUEST', 'a mutation over GET', 405, 405, () => byGet(RENAME)],
  ['BAD_REQUEST', 'an address too long', 414, 414, () => byGet(`{ viewer { sub } } # ${'x'.repeat(9_000)}`)],
  ['BAD_REQUEST', 'a head too large', 431, 431, () => withBody('{}', { 'x-padding': 'x'.repeat(40_000) })],
  [
    'BAD_REQUEST',
    'a document without an operation to run',
    200,
    400,
    () => byMia('query A { viewer { sub } } query B { viewer { sub } }'),
  ],
  ['SERVICE_UNAVAILABLE', 'a query, while the database is away', 503, 503, () => byMiaWhileCut(PROFILE)],
  ['SERVICE_UNAVAILABLE', 'a mutation, while the database is away', 503, 503, () => byMiaWhileCut(RENAME)],
  ['INTERNAL_SERVER_ERROR', 'a fault of ours', 200, 200, () => byMia('{ viewer { kind } failing }')],
];

const SHOWN = CASES.filter(([code], index) => CASES.findIndex(([other]) => other === code) === index);

function readPage(code: string) {
  const text = readFileSync(join(ROOT, 'docs/errors', `${code}.md`), 'utf8');
  const statuses = /^\*\*Status\*\*([\s\S]*?)\n\n/m.exec(text)?.[1]?.match(/\b\d{3}\b/g) ?? [];
  const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? 'null');
  return { text, statuses: statuses.map(Number), example };
}

describe('an error', () => {
  it.each(CASES)(
    '%s answers %s with %i, or with %i to application/graphql-response+json',
    async (code, _, json, graphql, request) => {
      const sent = await request();
      const answers = [await send(sent, MEDIA_TYPES[0]), await send(sent, MEDIA_TYPES[1])];
      expect(answers.map(({ status }) => status)).toEqual([json, graphql]);
      expect(answers.map(codesOf)).toEqual([[code], [code]]);
    },
  );

  it.each(SHOWN)('%s is what its page shows, with the statuses its page names', async (code, _, __, ___, request) => {
    const { example, statuses } = readPage(code);
    expect((await send(await request(), MEDIA_TYPES[0])).body).toEqual(example);
    const reached = CASES.filter(([other]) => other === code).flatMap(([, , json, graphql]) => [json, graphql]);
    expect(statuses).toEqual(expect.arrayContaining(reached));
  });

  it('is reached here by every code there is', () => {
    expect(ERROR_CODES.filter((code) => !CASES.some(([reached]) => reached === code))).toEqual([]);
  });

  it.each(CASES.filter(([, , json]) => json === 429 || json === 503))(
    '%s says when to come back from %s',
    async (_, __, ___, ____, request) => {
      const { headers } = await send(await request(), MEDIA_TYPES[0]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    },
  );

  it.each(CASES.filter(([, what, , graphql]) => what.includes('mutation') && [400, 403].includes(graphql)))(
    '%s refuses %s whole: there is no data',
    async (_, __, ___, ____, request) => {
      expect((await send(await request(), MEDIA_TYPES[0])).body).not.toHaveProperty('data');
    },
  );
});
