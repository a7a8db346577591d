import { beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../support/product.ts';
import { type RawAnswer, type RawRequest, sendRaw, toGraphQL } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const VIEWER = '{ viewer { sub } }';

let product: Product;
let token: string;

beforeAll(async () => {
  product = await getSharedProduct();
  token = await product.tokenOf('mia@acme.test');
});

const ask = (request: RawRequest) => sendRaw(product.url, request);
const askWith = (authorization: string | readonly string[]) => ask(toGraphQL(VIEWER, { authorization }));
const challengesOf = ({ headers }: RawAnswer) => headers.filter((line) => line.startsWith('www-authenticate:'));

describe('without a credential', () => {
  it('the answer is 401 and says how to authenticate, without an error code', async () => {
    const answer = await ask(toGraphQL(VIEWER));
    expect(answer.status).toBe(401);
    expect(challengesOf(answer)).toEqual(['www-authenticate: Bearer realm="tenantry"']);
  });

  it.each<[string, () => RawRequest]>([
    ['the query string', () => ({ ...toGraphQL(VIEWER), path: `/graphql?access_token=${token}` })],
    [
      'a form in the body',
      () => ({
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ access_token: token, query: VIEWER }).toString(),
      }),
    ],
    [
      'a member of the body',
      () => ({ ...toGraphQL(VIEWER), body: JSON.stringify({ query: VIEWER, access_token: token }) }),
    ],
    ['a cookie', () => toGraphQL(VIEWER, { cookie: `access_token=${token}; authorization=Bearer ${token}` })],
    ['another header', () => toGraphQL(VIEWER, { 'x-access-token': token, 'proxy-authorization': `Bearer ${token}` })],
  ])('a good token in %s is as none', async (_, toRequest) => {
    expect(await ask(toRequest())).toEqual(await ask(toGraphQL(VIEWER)));
  });
});

describe('a credential that is not good', () => {
  it('is answered 401 with the code invalid_token', async () => {
    const answer = await askWith('Bearer garbage');
    expect(answer.status).toBe(401);
    expect(challengesOf(answer)).toEqual(['www-authenticate: Bearer realm="tenantry", error="invalid_token"']);
  });

  it('has the body of a request without any', async () => {
    expect((await askWith('Bearer garbage')).text).toBe((await ask(toGraphQL(VIEWER))).text);
  });

  it.each<[string, () => string | readonly string[]]>([
    ['two Authorization headers, both good', () => [`Bearer ${token}`, `Bearer ${token}`]],
    ['two Authorization headers, one good', () => [`Bearer ${token}`, 'Basic b2xpdmlhOnNlY3JldA==']],
    ['the scheme Basic', () => `Basic ${token}`],
    ['the scheme DPoP', () => `DPoP ${token}`],
    ['no scheme', () => token],
    ['no token', () => 'Bearer'],
    ['no token and a space', () => 'Bearer '],
    ['two tokens', () => `Bearer ${token} ${token}`],
    ['a list of tokens', () => `Bearer ${token}, Bearer ${token}`],
    ['a list that ends', () => `Bearer ${token},`],
    ['two spaces', () => `Bearer  ${token}`],
    ['a tab', () => `Bearer\t${token}`],
    ['quotes', () => `Bearer "${token}"`],
    ['parameters', () => `Bearer token="${token}"`],
    ['nothing', () => ''],
  ])('of the form: %s, gets the same answer to the byte', async (_, toHeader) => {
    expect(await askWith(toHeader())).toEqual(await askWith('Bearer garbage'));
  });
});

describe('a good token that may not do this', () => {
  const REMOVE = 'mutation { removeMember(input: { membershipId: "somebody" }) { membership { id } } }';
  const removeAs = (accept: string) => ask(toGraphQL(REMOVE, { authorization: `Bearer ${token}`, accept }));

  it('is told insufficient_scope with a 403', async () => {
    const answer = await removeAs('application/graphql-response+json');
    expect(answer.status).toBe(403);
    expect(challengesOf(answer)).toEqual(['www-authenticate: Bearer realm="tenantry", error="insufficient_scope"']);
  });

  it('is told of no challenge with a 200', async () => {
    const answer = await removeAs('application/json');
    expect(answer.status).toBe(200);
    expect(challengesOf(answer)).toEqual([]);
  });
});
