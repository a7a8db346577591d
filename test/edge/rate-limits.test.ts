import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { addUser, type Person, toMachineClaims, toUserClaims } from '../support/people.ts';
import { type Answer, type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { type Signing, sendSigned, signBody, toEvent } from '../support/webhooks.ts';

const LIMIT = 10;
const VIEWER = '{ viewer { sub } }';
const RATES = { callerPerMinute: LIMIT, addressPerMinute: LIMIT, store: 'memory' };

let product: Product;
let address: string;
let addresses = 0;

// It trusts this machine to say where a request comes from, so that each test has an address of its own.
beforeAll(async () => {
  product = await startBeside(await getSharedProduct(), { app: { rateLimits: RATES, trustedProxies: ['loopback'] } });
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(() => {
  addresses += 1;
  address = `198.51.100.${addresses}`;
});

const askFrom = (from: string, token: string | null, headers = {}) =>
  product.query(token, VIEWER, undefined, { 'x-forwarded-for': from, ...headers });
const ask = (token: string | null, headers = {}) => askFrom(address, token, headers);
const signFor = ({ sub }: Person) => product.pool.signToken(toUserClaims(product, sub));
const statusOf = ({ status }: Answer) => status;

/** The statuses of requests one after another. */
async function repeat(times: number, send: (index: number) => Promise<Answer>): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < times; index += 1) statuses.push((await send(index)).status);
  return statuses;
}

const all = (status: number, times = LIMIT) => Array.from({ length: times }, () => status);
const forge = (index: number) => `e30.e30.${Buffer.from(`forged ${index}`).toString('base64url')}`;
const exhaustAddress = () => repeat(LIMIT, (index) => ask(forge(index)));

describe('a caller', () => {
  it('may spend his limit all at once, as a page does that opens', async () => {
    const { token } = await addUser(product);
    const answers = await Promise.all(Array.from({ length: LIMIT }, () => ask(token)));
    expect(answers.map(statusOf)).toEqual(all(200));
  });

  it('is told beyond it to wait, and nothing of what is inside', async () => {
    const { token } = await addUser(product);
    await repeat(LIMIT, () => ask(token));
    const answer = await ask(token);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(answer.body).toEqual({
      errors: [
        {
          message: 'These are too many requests. Try again after the seconds that Retry-After names.',
          extensions: { code: 'RATE_LIMITED' },
        },
      ],
    });
  });

  it('may ask again after the seconds of Retry-After, and not before', async () => {
    const { token } = await addUser(product);
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    await repeat(LIMIT, () => ask(token));
    vi.setSystemTime(Date.now() + 12_345);
    const waitMs = Number((await ask(token)).headers.get('retry-after')) * 1000;
    vi.setSystemTime(Date.now() + waitMs - 1_000);
    expect(statusOf(await ask(token))).toBe(429);
    vi.setSystemTime(Date.now() + 1_000);
    expect(statusOf(await ask(token))).toBe(200);
  });

  it('is held to it over all his tokens', async () => {
    const user = await addUser(product);
    expect(await repeat(LIMIT, async () => ask(await signFor(user)))).toEqual(all(200));
    expect(statusOf(await ask(await signFor(user)))).toBe(429);
  });

  it('is not held to what another has asked', async () => {
    const [busy, quiet] = [await addUser(product), await addUser(product)];
    await repeat(LIMIT + 1, () => ask(busy.token));
    expect(statusOf(await ask(quiet.token))).toBe(200);
  });

  it('who is a machine is held to it over all the tokens of its client', async () => {
    const signMachine = () => product.pool.signToken(toMachineClaims(product));
    expect(await repeat(LIMIT, async () => ask(await signMachine()))).toEqual(all(200));
    expect(statusOf(await ask(await signMachine()))).toBe(429);
  });
});

describe('an address', () => {
  it.each([
    ['without a token', () => ask(null)],
    ['with forged tokens', (index: number) => ask(forge(index))],
    ['with what is no bearer token', () => ask(null, { authorization: 'Basic b2xpdmlhOnNlY3JldA==' })],
  ])('%s is refused beyond its limit', async (_, send) => {
    expect(await repeat(LIMIT + 2, send)).toEqual([...all(401), 429, 429]);
  });

  it('is not told beyond it which credentials would be good', async () => {
    await exhaustAddress();
    const texts = [
      await ask(null),
      await ask(forge(LIMIT)),
      await ask(null, { authorization: 'Basic b2xpdmlhOnNlY3JldA==' }),
      await ask(await signFor(await addUser(product))),
    ].map(({ status, text }) => `${status} ${text}`);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('RATE_LIMITED');
  });

  it('is refused before a body arrives', async () => {
    await exhaustAddress();
    const outgoing = request(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    });
    outgoing.on('error', () => undefined).write('{"query":');
    const [incoming] = await once(outgoing, 'response');
    outgoing.destroy();
    expect(incoming.statusCode).toBe(429);
  });

  it('shared with an attacker locks nobody out whose token is known', async () => {
    const victim = await addUser(product);
    expect(statusOf(await ask(victim.token))).toBe(200);
    await exhaustAddress();
    expect([statusOf(await ask(null)), statusOf(await ask(victim.token))]).toEqual([429, 200]);
  });

  it('is not charged for good tokens, be each of them new', async () => {
    const users = await Promise.all(Array.from({ length: 2 * LIMIT }, () => addUser(product)));
    expect(await repeat(users.length, (index) => ask(users[index]?.token ?? null))).toEqual(all(200, 2 * LIMIT));
    expect(statusOf(await ask(null))).toBe(401);
  });

  it('is charged for trigger calls that nobody signed, and for nothing that is signed', async () => {
    const body = JSON.stringify(toEvent(product, 'PreSignUp_SignUp', { email: 'new@acme.test' }));
    const secret = `whsec_${Buffer.from('not the secret of this product').toString('base64')}`;
    const call = (signing?: Signing) =>
      sendSigned(product, body, { ...signBody(body, signing), 'x-forwarded-for': address });
    expect(await repeat(LIMIT + 1, () => call())).toEqual(all(200, LIMIT + 1));
    expect(await repeat(LIMIT + 1, () => call({ secret }))).toEqual([...all(401), 429]);
    expect([statusOf(await ask(null)), statusOf(await call())]).toEqual([429, 200]);
  });

  it.each(['/livez', '/readyz'])('is answered %s whatever it has asked before', async (path) => {
    await exhaustAddress();
    const { status } = await fetch(`${product.url}${path}`, { headers: { 'x-forwarded-for': address } });
    expect(status).toBe(200);
  });
});

describe('the address of a client', () => {
  it('is the one a trusted proxy saw, whatever the client wrote before it', async () => {
    const statuses = await repeat(LIMIT + 1, (index) => askFrom(`203.0.113.${index}, ${address}`, null));
    expect(statuses).toEqual([...all(401), 429]);
  });

  it('is one with its neighbours in an IPv6 /64', async () => {
    const statuses = await repeat(LIMIT + 1, (index) => askFrom(`2001:db8:1:2::${index}`, null));
    expect([...statuses, statusOf(await askFrom('2001:db8:1:3::1', null))]).toEqual([...all(401), 429, 401]);
  });

  it('is not what X-Forwarded-For says of a peer nobody trusts', async () => {
    await using exposed = await startBeside(product, { app: { rateLimits: RATES } });
    const send = (index: number) => exposed.query(null, VIEWER, undefined, { 'x-forwarded-for': `203.0.113.${index}` });
    expect(await repeat(LIMIT + 1, send)).toEqual([...all(401), 429]);
  });
});
