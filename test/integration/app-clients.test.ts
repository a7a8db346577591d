import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { idsOf, toMachineClaims, toUserClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type RawAnswer, type RawRequest, sendRaw, toGraphQL } from '../support/raw-request.ts';

const VIEWER = '{ viewer { sub groups } }';
const REGISTRY_REFRESH_MS = 5_000;

let product: Product;
let acmeId: string;
let globexId: string;
let miaSub: string;
/** What nobody gets for the same question: every refusal below must equal it to the byte. */
let refusal: RawAnswer;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  product = await startProduct();
  const mia = await idsOf(product, 'mia@acme.test', 'acme');
  [acmeId, miaSub] = [mia.tenantId, mia.sub];
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
  refusal = await sendRaw(product.url, toGraphQL(VIEWER));
});

afterAll(async () => {
  vi.useRealTimers();
  await product[Symbol.asyncDispose]();
});

const ask = (request: RawRequest) => sendRaw(product.url, request);
const askAs = (token: string) => ask(toGraphQL(VIEWER, { authorization: `Bearer ${token}` }));
const signAs = (claims: object) => product.pool.signToken(toUserClaims(product, miaSub, claims));

/** A token put together by hand, signed in whatever way. */
function forge(header: object, claims: object, toSignature: (input: string) => Buffer): string {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${toSignature(input).toString('base64url')}`;
}

async function publishedKey(): Promise<JsonWebKey & { readonly kid: string }> {
  const { kid } = decodeProtectedHeader(await product.tokenOf('mia@acme.test'));
  const { keys } = (await (await fetch(product.pool.jwksUri)).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((one) => one.kid === kid);
  if (key === undefined) throw new Error('the pool does not publish its access-token key');
  return key;
}

describe('registered app clients', () => {
  const signFor = (client_id: string, tenant_id: string) => signAs({ client_id, tenant_id, tenant_role: 'MEMBER' });
  beforeAll(async () => {
    await product.sql(
      `insert into app_clients (client_id, tenant_id, name) values ('bound', $1, 'Bound'), ('free', null, 'Free')`,
      [acmeId],
    );
    expect(await askAs(await signFor('free', acmeId))).toEqual(refusal);
    await vi.advanceTimersByTimeAsync(REGISTRY_REFRESH_MS);
    await vi.waitFor(async () => expect((await askAs(await signFor('free', acmeId))).status).toBe(200));
  });

  it('are accepted for their tenant', async () => {
    expect((await askAs(await signFor('bound', acmeId))).status).toBe(200);
  });

  it('are accepted for every tenant when bound to none', async () => {
    expect((await askAs(await signFor('free', globexId))).status).toBe(200);
  });

  it('are no credential for another tenant', async () => {
    expect(await askAs(await signFor('bound', globexId))).toEqual(refusal);
  });

  it('are no credential without a tenant when bound to one', async () => {
    expect(await askAs(await signAs({ client_id: 'bound' }))).toEqual(refusal);
  });
});

describe('a machine token', () => {
  const MEMBERS = '{ members { totalCount } }';
  const askAsMachine = async (query: string, claims: object) => {
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    return (await product.query(token, query)).body;
  };

  it('reads members with the scope for it', async () => {
    const claims = { scope: 'tenantry/members.read', tenant_id: acmeId };
    expect(await askAsMachine(MEMBERS, claims)).toEqual({ data: { members: { totalCount: 4 } } });
  });

  it('is FORBIDDEN to without it', async () => {
    const { errors } = await askAsMachine(MEMBERS, { scope: 'tenantry/other', tenant_id: acmeId });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('has no groups and no profile, whatever it carries', async () => {
    const claims = { 'cognito:groups': ['Admins', 'Users'], tenant_id: acmeId, tenant_role: 'OWNER' };
    const { data } = await askAsMachine('{ viewer { kind sub groups profile { id } membership { id } } }', claims);
    const sub = product.pool.clientId;
    expect(data.viewer).toEqual({ kind: 'MACHINE', sub, groups: [], profile: null, membership: null });
  });

  it('is not platform staff by a group in it', async () => {
    const { data, errors } = await askAsMachine('{ tenants { totalCount } }', { 'cognito:groups': ['Admins'] });
    expect(data).toEqual({ tenants: null });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
