import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { addUser, idsOf } from '../support/people.ts';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const PLANTED = 'extend type Query { strong: String @auth(mfa: true) }';

/** One database and one pool, behind the API as it stands in public and as it stands on a developer's machine. */
let product: Product;
let development: Product;
let mia: string;

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs(join(import.meta.dirname, '../../schema')), PLANTED];
  const overrides = { schema: { typeDefs, resolvers: [...resolvers, { Query: { strong: () => 'x' } }] } };
  const shared = await getSharedProduct();
  product = await startBeside(shared, { overrides });
  development = await startBeside(shared, { app: { sandbox: { demoToken: null } }, overrides });
  mia = await product.tokenOf('mia@acme.test');
});
afterAll(async () => {
  await development[Symbol.asyncDispose]();
  await product[Symbol.asyncDispose]();
});

type Asked = readonly [query: string, variables?: object];

async function ask(app: { readonly url: string }, token: string | null, [query, variables]: Asked) {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { status: response.status, text, errors: JSON.parse(text).errors };
}

const PROMOTE = `mutation ($id: ID!) {
  changeMemberRole(input: { membershipId: $id, role: MEMBER }) { membership { role } }
}`;
const byMia = async () => mia;
const byOneWithoutTenant = async () => (await addUser(product)).token;

describe.each<[string, string, () => Promise<string>, Asked]>([
  ['FORBIDDEN', '@auth(groups: ["Admins"])', byMia, ['{ tenants { totalCount } }']],
  ['FORBIDDEN', '@auth(groups: ["TenantAdmins"])', byMia, [PROMOTE, { id: randomUUID() }]],
  ['STEP_UP_REQUIRED', '@auth(mfa: true)', byMia, ['{ strong }']],
  ['TENANT_REQUIRED', '@tenantScoped(argument: "id", reach: PLATFORM)', byOneWithoutTenant, ['{ tenant { slug } }']],
])('%s by %s', (code, rule, sign, asked) => {
  it('names the rule in development', async () => {
    const { errors } = await ask(development, await sign(), asked);
    expect(errors).toMatchObject([{ extensions: { code, rule } }]);
  });

  it('names code and path alone in public', async () => {
    const { errors, text } = await ask(product, await sign(), asked);
    expect(errors).toMatchObject([{ path: [expect.any(String)], extensions: { code } }]);
    expect(text).not.toMatch(/rule|@auth|@tenantScoped|groups|Admins/);
  });
});

describe('NOT_FOUND', () => {
  it.each<[string, string, (gina: Awaited<ReturnType<typeof idsOf>>) => string]>([
    ['refused by a rule', 'query ($id: ID) { tenant(id: $id) { slug } }', ({ tenantId }) => tenantId],
    ['refused by a verb', 'query ($id: ID!) { member(id: $id) { role } }', ({ membershipId }) => membershipId],
    ['refused to a mutation', PROMOTE, ({ membershipId }) => membershipId],
  ])('in development too, %s, is the same for a foreign id and an unknown one, to the byte', async (_, query, pick) => {
    const adam = await product.tokenOf('adam@acme.test');
    const foreign = pick(await idsOf(product, 'gina@globex.test', 'globex'));
    const answers = await Promise.all([foreign, randomUUID()].map((id) => ask(development, adam, [query, { id }])));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(answers[0]?.text).not.toContain('rule');
  });
});

describe('in development as in public', () => {
  it('a stranger is answered one 401 that names no rule', async () => {
    const answers = await Promise.all([product, development].map((app) => ask(app, null, ['{ viewer { kind } }'])));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  it('a refusal by rank, which no rule of the schema says, names none', async () => {
    const { membershipId } = await idsOf(product, 'olivia@acme.test', 'acme');
    const { errors } = await ask(development, await product.tokenOf('adam@acme.test'), [PROMOTE, { id: membershipId }]);
    expect(errors[0].extensions).toEqual({ code: 'FORBIDDEN' });
  });
});
