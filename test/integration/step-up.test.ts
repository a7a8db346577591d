import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn } from '../../local/seed/pool-users.ts';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { idsOf, toUserClaims } from '../support/people.ts';
import { type Product, startBeside, toOptions } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const PLANTED = `
  extend type Query { strong: String @auth(mfa: true) }
  extend type Mutation { burn: String @auth(groups: ["TenantOwners"], maxAuthAgeSeconds: 900) }`;

let product: Product;
/** The same, where nobody has been able to sign in without a second factor for half an hour. */
let strict: Product;
let burnt = 0;

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs(join(import.meta.dirname, '../../schema')), PLANTED];
  const planted = { Query: { strong: () => 'x' }, Mutation: { burn: () => String(++burnt) } };
  const overrides = { schema: { typeDefs, resolvers: [...resolvers, planted] } };
  const shared = await getSharedProduct();
  product = await startBeside(shared, { overrides });
  const mfaRequiredSince = new Date(Date.now() - 1_800_000);
  const userPool = { ...toOptions(shared.pool, shared.database).userPool, mfaRequiredSince };
  strict = await startBeside(shared, { app: { userPool }, overrides });
});
afterAll(async () => {
  await strict[Symbol.asyncDispose]();
  await product[Symbol.asyncDispose]();
});

/** A good token of somebody who signed in that long ago and has refreshed since. */
async function signedIn(email: string, secondsAgo: number, claims: object = {}): Promise<string> {
  const { sub, tenantId } = await idsOf(product, email, 'acme');
  const auth_time = Math.floor(Date.now() / 1000) - secondsAgo;
  return product.pool.signToken(toUserClaims(product, sub, { tenant_id: tenantId, auth_time, ...claims }));
}
const owner = { tenant_role: 'OWNER' };

const errorsOf = async (token: string, query: string) => (await product.query(token, query)).body.errors;

describe('a field that wants a fresh sign-in', () => {
  it('names the sign-in to ask for, in words and in figures, and does nothing', async () => {
    expect(await errorsOf(await signedIn('olivia@acme.test', 3600, owner), 'mutation { burn }')).toEqual([
      {
        message: 'Sign in again: this needs a sign-in at most 15 minutes old.',
        locations: [{ line: 1, column: 12 }],
        path: ['burn'],
        extensions: { code: 'STEP_UP_REQUIRED', maxAuthAgeSeconds: 900 },
      },
    ]);
    expect(burnt).toBe(0);
  });

  it('is answered after the user has signed in anew at the pool', async () => {
    const { body } = await product.query(
      await signIn(product.sdk, 'olivia@acme.test', DEMO_PASSWORD),
      'mutation { burn }',
    );
    expect(body).toEqual({ data: { burn: '1' } });
  });

  it('sends nobody to sign in who lacks the group as well', async () => {
    const stale = await signedIn('mia@acme.test', 3600, { tenant_role: 'MEMBER' });
    expect(await errorsOf(stale, 'mutation { burn }')).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a field that wants a second factor', () => {
  const ask = async (app: { readonly url: string }, token: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query: '{ strong }' });
    return (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).json();
  };
  const ALLOWED = { data: { strong: 'x' } };
  const REFUSED = { errors: [{ extensions: { code: 'STEP_UP_REQUIRED', mfa: true } }] };

  it('takes a token that names one, however old the sign-in is', async () => {
    const token = await signedIn('mia@acme.test', 7200, { amr: ['pwd', 'otp', 'mfa'] });
    expect(await ask(product, token)).toEqual(ALLOWED);
  });

  it('refuses a token that says nothing of it', async () => {
    expect(await ask(product, await signedIn('mia@acme.test', 60))).toMatchObject(REFUSED);
  });

  it('takes such a token of a sign-in since the pool lets nobody in without one', async () => {
    expect(await ask(strict, await signedIn('mia@acme.test', 60))).toEqual(ALLOWED);
  });

  it('refuses it there too when the sign-in is older, however young the token', async () => {
    expect(await ask(strict, await signedIn('mia@acme.test', 3600))).toMatchObject(REFUSED);
  });
});
