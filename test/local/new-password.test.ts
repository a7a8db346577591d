import {
  AdminCreateUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizePath, CALLBACK, codeOf, openBrowser } from './browser-kit.ts';
import { freshEmail, newestCode, type PoolKit, signIn, startKit } from './kit.ts';

const OWNERS = 'Owners-horse-1';
const THIEFS = 'Thiefs-horse-1';

let kit: PoolKit;
beforeAll(async () => {
  kit = await startKit({ callbackUrls: [CALLBACK] });
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Somebody whose first password was mailed, and read by a second. */
async function invite() {
  const Username = freshEmail();
  await kit.sdk.send(new AdminCreateUserCommand({ UserPoolId: kit.UserPoolId, Username }));
  return { email: Username, mailed: newestCode(kit, Username) };
}

async function openChallenge(email: string, mailed: string) {
  const AuthParameters = { USERNAME: email, PASSWORD: mailed };
  const { ClientId, sdk } = kit;
  const { Session } = await sdk.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
  );
  return (NEW_PASSWORD: string) =>
    sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        Session,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ChallengeResponses: { USERNAME: email, NEW_PASSWORD },
      }),
    );
}

async function openForm(email: string, mailed: string) {
  const browser = openBrowser(kit);
  const form = await browser.get(authorizePath(kit));
  const next = await browser.submit(form, { username: email, password: mailed });
  return (new_password: string) => browser.submit(next, { new_password });
}

const isSignedInBy = (email: string, password: string) =>
  signIn(kit, email, password).then(
    () => true,
    () => false,
  );

describe('A mailed password', () => {
  it('is replaced once: an older challenge puts no other in the place of the new one', async () => {
    const { email, mailed } = await invite();
    const [owner, thief] = [await openChallenge(email, mailed), await openChallenge(email, mailed)];
    await owner(OWNERS);
    await expect(thief(THIEFS)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    expect(await isSignedInBy(email, OWNERS)).toBe(true);
    expect(await isSignedInBy(email, THIEFS)).toBe(false);
  });

  it('is replaced by one of two who answer at the same time', async () => {
    const { email, mailed } = await invite();
    const [one, other] = [await openChallenge(email, mailed), await openChallenge(email, mailed)];
    const outcomes = await Promise.allSettled([one(OWNERS), other(THIEFS)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const kept = outcomes[0].status === 'fulfilled' ? OWNERS : THIEFS;
    expect(await isSignedInBy(email, kept)).toBe(true);
  });

  it('is replaced by one of two forms that are sent at the same time, and signs in nobody else', async () => {
    const { email, mailed } = await invite();
    const [one, other] = [await openForm(email, mailed), await openForm(email, mailed)];
    const pages = await Promise.all([one(OWNERS), other(THIEFS)]);
    expect(pages.filter((page) => codeOf(page) !== '')).toHaveLength(1);
    const kept = codeOf(pages[0]) === '' ? THIEFS : OWNERS;
    expect(await isSignedInBy(email, kept)).toBe(true);
  });

  it('signs nobody in by a form that is older than the new one', async () => {
    const { email, mailed } = await invite();
    const [owner, thief] = [await openForm(email, mailed), await openForm(email, mailed)];
    await owner(OWNERS);
    expect(codeOf(await thief(THIEFS))).toBe('');
  });
});
