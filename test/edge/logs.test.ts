import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { idsOf, toMachineClaims } from '../support/people.ts';
import { type Product, startBeside } from '../support/product.ts';
import { sendRaw, toGraphQL } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { captureLog } from '../support/transcript.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '..', '..', 'schema');
const { log, lines } = captureLog();

let product: Product;
let mia: string;

/** Resolvers of a team's own, on a bad day. */
const failing = () => {
  throw Object.assign(new Error('select password from users'), {
    client: { secretKey: 'never-logged' },
    detail: 'key (a)=(b)',
  });
};
const slowBegan = Promise.withResolvers<void>();
const slow = () => {
  slowBegan.resolve();
  return new Promise(() => undefined);
};
const leaking = async () => Array.from({ length: 3 }, () => ({ ...foreign }));
const PLANTED = 'extend type Query { failing: String @auth  slow: String @auth  leaking: [Tenant] @auth }';
let foreign: { readonly id: string; readonly slug: string };

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs(SCHEMA_FOLDER), PLANTED];
  product = await startBeside(await getSharedProduct(), {
    app: { log },
    overrides: { schema: { typeDefs, resolvers: [...resolvers, { Query: { failing, slow, leaking } }] } },
  });
  mia = await product.tokenOf('mia@acme.test');
  foreign = { id: (await idsOf(product, 'gina@globex.test', 'globex')).tenantId, slug: 'globex' };
});
afterAll(() => product[Symbol.asyncDispose]());

/** Every line one request left, in order, and its text. */
async function linesOf(send: (headers: { readonly 'x-request-id': string }) => Promise<unknown>) {
  const id = randomUUID();
  await send({ 'x-request-id': id });
  // The line is written once the answer has left.
  await expect
    .poll(() => lines.some((line) => line.includes(id) && line.includes('"msg":"request"')), EVENTUALLY)
    .toBe(true);
  const own = lines.filter((line) => line.includes(id));
  return { text: own.join(''), entries: own.map((line) => JSON.parse(line)) };
}

const ask = (query: string, token: string | null = mia) =>
  linesOf((headers) => product.query(token, query, undefined, headers));
const visit = (path: string, method = 'GET') => linesOf((headers) => sendRaw(product.url, { path, method, headers }));

const WARN = 40;
const INFO = 30;
const DEBUG = 20;

describe('the line of a request', () => {
  it('is one, and says what was asked by whom, and how it went', async () => {
    const { sub, tenantId } = await idsOf(product, 'mia@acme.test', 'acme');
    const { entries } = await ask('query Who { viewer { kind } }');
    expect(entries).toEqual([
      {
        level: INFO,
        time: expect.any(Number),
        pid: process.pid,
        hostname: expect.any(String),
        requestId: expect.any(String),
        method: 'POST',
        route: '/graphql',
        status: 200,
        ms: expect.any(Number),
        caller: { kind: 'USER', sub, clientId: product.pool.clientId },
        tenantId,
        operationType: 'query',
        operationName: 'Who',
        msg: 'request',
      },
    ]);
  });

  it('says of a machine what it is', async () => {
    const token = await product.pool.signToken(toMachineClaims(product));
    const { entries } = await ask('{ viewer { kind } }', token);
    expect(entries[0].caller).toMatchObject({ kind: 'MACHINE', clientId: product.pool.clientId });
  });

  it('names the codes answered, each once, and the rule that refused', async () => {
    const { entries } = await ask('{ tenants { totalCount } more: tenants { totalCount } nothing: failing }');
    expect(entries.at(-1)).toMatchObject({ codes: ['FORBIDDEN', 'INTERNAL_SERVER_ERROR'], rule: expect.any(String) });
  });

  it('says which rule a mutation failed', async () => {
    const { entries } = await ask(
      'mutation { changeMemberRole(input: { membershipId: "x", role: OWNER }) { __typename } }',
    );
    expect(entries.at(-1)).toMatchObject({
      operationType: 'mutation',
      operationName: null,
      codes: ['FORBIDDEN'],
      rule: expect.stringContaining('TenantAdmins'),
    });
  });

  it('says which rule a token failed, and holds nothing of the token', async () => {
    const forged = `${mia.slice(0, -8)}AAAAAAAA`;
    const { entries, text } = await ask('{ viewer { kind } }', forged);
    expect(entries.at(-1)).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'], rule: expect.stringMatching(/./) });
    for (const part of forged.split('.')) expect(text).not.toContain(part);
  });

  it('says what a stranger asked that is not public, and names no caller', async () => {
    const { entries } = await ask('{ viewer { kind } }', null);
    expect(entries).toMatchObject([
      { status: 401, codes: ['UNAUTHENTICATED'], rule: expect.stringContaining('viewer') },
    ]);
    expect(entries[0]).not.toHaveProperty('caller');
  });

  it('says which operation a stranger was answered', async () => {
    const { entries } = await ask('query Health { health { status } }', null);
    expect(entries[0]).toMatchObject({ status: 200, operationType: 'query', operationName: 'Health' });
  });

  it('says which trigger called, and how it went', async () => {
    const email = `${randomUUID()}@elsewhere.test`;
    const event = toEvent(product, 'PreSignUp_SignUp', { email });
    await sendEvent(product, event);
    const findLine = () => lines.findLast((line) => line.includes('PreSignUp_SignUp'));
    await expect.poll(findLine, EVENTUALLY).toBeDefined();
    expect(JSON.parse(findLine() ?? '')).toMatchObject({
      route: '/triggers/cognito',
      status: 422,
      triggerSource: 'PreSignUp_SignUp',
      codes: ['FORBIDDEN'],
    });
    expect(lines.join('')).not.toContain(email);
  });

  it('says that an unsigned trigger call was refused, and believes nothing in it', async () => {
    const body = JSON.stringify({ triggerSource: 'PreSignUp_SignUp' });
    const { entries } = await linesOf((headers) =>
      sendRaw(product.url, {
        path: '/triggers/cognito',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      }),
    );
    expect(entries).toMatchObject([{ status: 401, rule: expect.stringContaining('signature') }]);
    expect(entries[0]).not.toHaveProperty('triggerSource');
  });

  it('is for whoever looks for it when a balancer asks', async () => {
    expect((await visit('/livez')).entries).toMatchObject([{ level: DEBUG, route: '/livez', status: 200 }]);
    expect((await visit('/readyz')).entries).toMatchObject([{ level: DEBUG, route: '/readyz' }]);
  });

  it('tells of a caller who hung up, once', async () => {
    const { entries } = await linesOf(async (headers) => {
      const socket = connect(Number(new URL(product.url).port), '127.0.0.1');
      const body = JSON.stringify({ query: '{ slow }' });
      const head = { authorization: `Bearer ${mia}`, host: 'a', 'content-type': 'application/json', ...headers };
      const fields = Object.entries({ ...head, 'content-length': body.length }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`POST /graphql HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${body}`);
      await slowBegan.promise;
      socket.destroy();
      await once(socket, 'close');
    });
    expect(entries).toMatchObject([{ status: 499, operationType: 'query' }]);
  });
});

describe('the line of a refusal', () => {
  const refusalsOf = async (...asked: Parameters<typeof ask>) =>
    (await ask(...asked)).entries.filter(({ msg }) => msg === 'refused');

  it('is one, at a level that production keeps, and says by which rule whom was refused what, and why', async () => {
    const { sub, tenantId } = await idsOf(product, 'mia@acme.test', 'acme');
    expect(await refusalsOf('{ viewer { kind } all: tenants { totalCount } }')).toEqual([
      {
        level: INFO,
        time: expect.any(Number),
        pid: process.pid,
        hostname: expect.any(String),
        requestId: expect.any(String),
        net: 'directive',
        path: 'all',
        field: 'Query.tenants',
        code: 'FORBIDDEN',
        rule: '@auth(groups: ["Admins"])',
        reason: `USER ${sub} does not meet @auth(groups: ["Admins"])`,
        caller: { kind: 'USER', sub },
        tenantId,
        msg: 'refused',
      },
    ]);
  });

  it('tells every refusal of a mutation, though the answer names one', async () => {
    const change = 'changeMemberRole(input: { membershipId: "x", role: OWNER }) { __typename }';
    expect(await refusalsOf(`mutation { one: ${change} two: ${change} }`)).toMatchObject([
      { net: 'directive', path: 'one', field: 'Mutation.changeMemberRole', rule: '@auth(groups: ["TenantAdmins"])' },
      { net: 'directive', path: 'two' },
    ]);
  });

  it('tells a foreign row that a resolver let through, once for the whole list, and louder', async () => {
    const answer = await product.query(mia, '{ leaking { slug } }');
    expect(answer.body.data).toEqual({ leaking: [null, null, null] });
    expect(await refusalsOf('{ leaking { slug } }')).toMatchObject([
      {
        level: WARN,
        net: 'row',
        path: 'leaking',
        field: 'Query.leaking',
        code: 'NOT_FOUND',
        rule: '@tenantScoped(field: "id")',
        reason: expect.stringContaining(foreign.id),
      },
    ]);
  });

  it.each<[string, string, object]>([
    ['FORBIDDEN by rank', 'olivia@acme.test', { code: 'FORBIDDEN', reason: 'rank: ADMIN acts on OWNER' }],
    [
      'NOT_FOUND beyond the tenant',
      'gina@globex.test',
      { code: 'NOT_FOUND', reason: expect.stringContaining('none in') },
    ],
  ])('tells what the domain says by itself, with no rule of the schema: %s', async (_, email, told) => {
    const { membershipId } = await idsOf(product, email, email.includes('acme') ? 'acme' : 'globex');
    const query = `mutation { changeMemberRole(input: { membershipId: "${membershipId}", role: MEMBER }) { __typename } }`;
    const [entry, ...others] = await refusalsOf(query, await product.tokenOf('adam@acme.test'));
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ level: INFO, net: 'domain', field: 'Mutation.changeMemberRole', ...told });
    expect(entry).not.toHaveProperty('rule');
  });

  it('holds no claim of the token but who he is and his tenant', async () => {
    const claims = toMachineClaims(product, { scope: 'a/very-own-scope', note: 'a-very-own-claim' });
    const { text } = await ask('{ tenants { totalCount } }', await product.pool.signToken(claims));
    expect(text).toContain('"net":"directive"');
    expect(text).not.toContain('very-own');
  });

  it('is bounded for a request, whatever it asks for', async () => {
    const query = `{ ${Array.from({ length: 20 }, (_, at) => `a${at}: tenants { totalCount }`).join(' ')} }`;
    expect((await ask(query)).entries.length).toBeLessThanOrEqual(22);
    const { text } = await ask(`{ ${'a'.repeat(30_000)}: tenants { totalCount } }`);
    expect(text.length).toBeLessThan(3_000);
  });
});

describe('what a caller wrote', () => {
  it('is in no line as an address: neither path nor query', async () => {
    const { entries, text } = await visit('/secret-path?access_token=not-for-logs');
    expect(entries[0]).toMatchObject({ route: null, status: 404 });
    expect(text).not.toMatch(/secret-path|not-for-logs/);
    expect((await visit('/graphql?query={hidden}')).text).not.toContain('hidden');
  });

  it.each([64, 65, 20_000])('is an operation name up to 64 characters: %i', async (length) => {
    const name = 'a'.repeat(length);
    const { entries, text } = await ask(`query ${name} { viewer { kind } }`);
    expect(entries[0].operationName).toBe(length > 64 ? null : name);
    expect(text.length).toBeLessThan(1_000);
  });

  it('is no operation name but by the document', async () => {
    const { text } = await linesOf((headers) =>
      sendRaw(product.url, {
        headers: { ...headers, authorization: `Bearer ${mia}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: 'query A { viewer { kind } }', operationName: 'x\n{"level":50}' }),
      }),
    );
    expect(text).not.toContain('level":50');
  });

  it('makes no second line, wherever a newline was put', async () => {
    const forged = '\n{"level":50,"msg":"forged"}\n';
    const { entries } = await linesOf((headers) =>
      sendRaw(product.url, toGraphQL(`{ ${JSON.stringify(forged)} }`, headers)),
    );
    expect(entries).toHaveLength(1);
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  it('makes no line long, however long an alias or a name is', async () => {
    const long = 'a'.repeat(30_000);
    const { entries } = await ask(`{ ${long}: tenants { totalCount } }`);
    for (const entry of entries) expect(JSON.stringify(entry).length).toBeLessThan(1_500);
    expect((await ask(`{ ${long} }`)).text.length).toBeLessThan(3_000);
    expect((await ask(`{ ${long} }`, null)).text.length).toBeLessThan(1_500);
  });

  it('is no request id unless it is a plain one', async () => {
    const answer = await product.query(mia, '{ viewer { kind } }', undefined, { 'x-request-id': 'forged id' });
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('an error nobody foresaw', () => {
  it('is logged with its type, its place in this product and its request, and nothing that hangs on it', async () => {
    const { entries, text } = await ask('{ failing }');
    const [failed] = entries;
    expect(failed).toMatchObject({
      level: 50,
      path: 'failing',
      err: { type: 'Error', message: '[SQL]' },
      msg: 'failed',
    });
    expect(failed.err.at).toContainEqual(expect.stringMatching(/^src\/graphql\/directives\/auth\.ts:\d+$/));
    expect(text).not.toMatch(/password|never-logged|\(a\)=\(b\)|node_modules|"stack"/);
  });
});
