import { decodeJwt } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { startSession, switchTenant } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { addMembership, addTenant, addUser, type Person, signUpUser, toUserClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';

const SESSIONS = '{ viewer { sessions { id device clientId isCurrent authenticatedAt lastSeenAt } } }';
const SIGN_OUT = 'mutation ($sessionId: ID) { signOut(input: { sessionId: $sessionId }) { session { id isCurrent } } }';
const EVERYWHERE = 'mutation { signOutEverywhere { sessions { id } } }';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

let product: Product;
let user: Person;
beforeAll(async () => {
  product = await getSharedProduct();
});
beforeEach(async () => {
  user = await addUser(product);
});

const ask = (token: string, agent?: string) =>
  product.query(token, SESSIONS, {}, agent === undefined ? {} : { 'user-agent': agent });
const idOf = (token: string) => String(decodeJwt(token)['origin_jti']);
const signInAgain = (claims: object = {}) => product.pool.signToken(toUserClaims(product, user.sub, claims));
/** A member who signs in at the pool. */
async function signUpMember() {
  const tenantId = await addTenant(product);
  const member = await signUpUser(product);
  await addMembership(product, member, tenantId, 'MEMBER');
  return { ...member, tenantId };
}
/** What any bearer that is no credential is answered, byte for byte. */
const nobody = async () => (await product.query('nonsense', SESSIONS)).text;

describe('Viewer.sessions', () => {
  it('tells where the caller is signed in, and by what', async () => {
    const { body } = await ask(user.token, FIREFOX);
    expect(body.data.viewer.sessions).toEqual([
      {
        id: idOf(user.token),
        device: 'Firefox on Linux',
        clientId: product.pool.clientId,
        isCurrent: true,
        authenticatedAt: expect.any(String),
        lastSeenAt: expect.any(String),
      },
    ]);
  });

  it('knows one session through all its refreshes, and another sign-in by its own name', async () => {
    const refreshed = await signInAgain({ origin_jti: idOf(user.token) });
    const elsewhere = await signInAgain();
    await ask(user.token);
    await ask(refreshed);
    const { body } = await ask(elsewhere);
    const seen = body.data.viewer.sessions.map(({ id, isCurrent }: { id: string; isCurrent: boolean }) => [
      id,
      isCurrent,
    ]);
    expect(seen.sort()).toEqual(
      [
        [idOf(user.token), false],
        [idOf(elsewhere), true],
      ].sort(),
    );
  });

  it.each([
    ['that names a program alone', 'curl/8.5.0', 'curl'],
    ['that is empty', '', null],
    ['that does not end', 'x'.repeat(10_000), 'x'.repeat(256)],
  ])('says of an agent %s what it can', async (_, agent, device) => {
    const { body } = await ask(user.token, agent);
    expect(body.data.viewer.sessions[0].device).toEqual(device);
  });

  it('tells nobody of the sessions of others', async () => {
    await ask(user.token);
    const other = await addUser(product);
    const { body } = await ask(other.token);
    expect(body.data.viewer.sessions.map(({ id }: { id: string }) => id)).toEqual([idOf(other.token)]);
  });
});

describe('Mutation.signOut', () => {
  it('ends the session that asks: from the answer on its tokens are no credentials', async () => {
    const refreshed = await signInAgain({ origin_jti: idOf(user.token) });
    const { body } = await product.query(user.token, SIGN_OUT);
    expect(body.data.signOut.session).toEqual({ id: idOf(user.token), isCurrent: true });
    for (const token of [user.token, refreshed]) {
      const answer = await ask(token);
      expect([answer.status, answer.text]).toEqual([401, await nobody()]);
    }
  });

  it('ends it whether or not it was kept that it was seen', async () => {
    await ask(user.token);
    await product.sql('delete from sessions where user_id = $1', [user.sub]);
    const { body } = await product.query(user.token, SIGN_OUT);
    expect(body).toEqual({ data: { signOut: { session: null } } });
    expect((await ask(user.token)).status).toBe(401);
  });

  it('ends no other session of the caller, and one he names', async () => {
    const elsewhere = await signInAgain();
    await ask(elsewhere);
    expect(codesOf(await product.query(user.token, SIGN_OUT, { sessionId: idOf(elsewhere) }))).toEqual([]);
    expect([(await ask(elsewhere)).status, (await ask(user.token)).status]).toEqual([401, 200]);
    const { body } = await ask(user.token);
    expect(body.data.viewer.sessions.map(({ id }: { id: string }) => id)).toEqual([idOf(user.token)]);
  });

  it("answers NOT_FOUND for another's session, as for one that nobody has, and writes nothing", async () => {
    const other = await addUser(product);
    await ask(other.token);
    await ask(user.token);
    const [foreign, unknown] = await withoutWriting(product, async () => [
      await product.query(user.token, SIGN_OUT, { sessionId: idOf(other.token) }, { 'x-request-id': 'same' }),
      await product.query(user.token, SIGN_OUT, { sessionId: crypto.randomUUID() }, { 'x-request-id': 'same' }),
    ]);
    expect(codesOf(foreign)).toEqual(['NOT_FOUND']);
    expect(foreign.text).toBe(unknown.text);
    expect((await ask(other.token)).status).toBe(200);
  });

  it.each([SIGN_OUT, EVERYWHERE])(
    'answers %s 401 without a token, and with a session that has ended',
    async (mutation) => {
      expect((await product.query(null, mutation)).status).toBe(401);
      await product.query(user.token, mutation);
      const again = await withoutWriting(product, () => product.query(user.token, mutation));
      expect([again.status, codesOf(again)]).toEqual([401, ['UNAUTHENTICATED']]);
    },
  );

  it('ends a session once, of many who ask at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => product.query(user.token, SIGN_OUT)));
    // Whoever comes after the first was answered is nobody any more.
    expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
    expect((await ask(user.token)).status).toBe(401);
  });

  it.each(['', 'x'.repeat(10_000), "' or true --"])('answers NOT_FOUND to the id %.20s', async (sessionId) => {
    expect(codesOf(await product.query(user.token, SIGN_OUT, { sessionId }))).toEqual(['NOT_FOUND']);
  });

  it('is refused to a machine', async () => {
    const claims = { username: undefined, origin_jti: undefined, 'cognito:groups': undefined };
    const { clientId } = product.pool;
    const machine = await product.pool.signToken({ ...toUserClaims(product, clientId), ...claims });
    expect(codesOf(await product.query(machine, SIGN_OUT))).toEqual(['FORBIDDEN']);
  });

  it('writes down who ended which session', async () => {
    await product.query(user.token, SIGN_OUT);
    expect(
      await product.sql(`select actor_id, target_id from audit_events where action = 'session.end' and actor_id = $1`, [
        user.sub,
      ]),
    ).toEqual([{ actor_id: user.sub, target_id: idOf(user.token) }]);
  });

  it('ends a session for good: what its refresh token still gives is refused too', async () => {
    const { email, tenantId } = await signUpMember();
    const session = await startSession(product.sdk, email, DEMO_PASSWORD);
    await product.query(session.accessToken, SIGN_OUT);
    const refreshed = await switchTenant(product.sdk, session.refreshToken, tenantId);
    expect((await ask(refreshed)).status).toBe(401);
  });
});

describe('Mutation.signOutEverywhere', () => {
  it('ends every session of the caller, and of nobody else', async () => {
    const elsewhere = await signInAgain({ auth_time: Math.floor(Date.now() / 1000) - 3_000 });
    const other = await addUser(product);
    await ask(elsewhere);
    const { body } = await product.query(user.token, EVERYWHERE);
    expect(body.data.signOutEverywhere.sessions).toHaveLength(2);
    expect([(await ask(elsewhere)).status, (await ask(user.token)).status]).toEqual([401, 401]);
    expect((await ask(other.token)).status).toBe(200);
  });

  it('ends a session that was never seen here, and one whose clock is ahead by what is let pass', async () => {
    const unseen = await signInAgain();
    const ahead = await signInAgain({ auth_time: Math.floor(Date.now() / 1000) + 30 });
    await ask(ahead);
    await product.query(user.token, EVERYWHERE);
    expect([(await ask(unseen)).status, (await ask(ahead)).status]).toEqual([401, 401]);
  });

  it('lets the caller sign in again, the second after', async () => {
    await product.query(user.token, EVERYWHERE);
    const later = await signInAgain({ auth_time: Math.floor(Date.now() / 1000) + 1 });
    expect((await ask(later)).status).toBe(200);
  });

  it('tells the pool: no refresh token of his is good any more', async () => {
    const { email, tenantId } = await signUpMember();
    const { accessToken, refreshToken } = await startSession(product.sdk, email, DEMO_PASSWORD);
    await product.query(accessToken, EVERYWHERE);
    await expect
      .poll(() => switchTenant(product.sdk, refreshToken, tenantId).catch((error: Error) => error.name), EVENTUALLY)
      .toBe('NotAuthorizedException');
  });
});

describe('a sign-in of long ago', () => {
  it('is over after SESSION_MAX_DAYS, however often it was refreshed', async () => {
    const daysAgo = (days: number) => Math.floor(Date.now() / 1000) - days * 86_400;
    const [within, beyond] = await Promise.all([29, 31].map((days) => signInAgain({ auth_time: daysAgo(days) })));
    expect([(await ask(within ?? '')).status, (await ask(beyond ?? '')).status]).toEqual([200, 401]);
  });
});

describe('an account that is gone', () => {
  it('leaves no session behind', async () => {
    await ask(user.token);
    await product.query(
      user.token,
      `mutation { deleteMyAccount(input: { confirmEmail: "${user.email}" }) { userId } }`,
    );
    expect((await ask(user.token)).status).toBe(401);
    expect(await product.sql('select from sessions where user_id = $1', [user.sub])).toEqual([]);
  });
});
