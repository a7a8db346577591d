import { request } from 'node:http';
import { SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalUserPool } from '../../local/user-pool/index.ts';
import { freshEmail, newestCode, PASSWORD, type PoolKit, startKit } from './kit.ts';

let kit: PoolKit;
beforeAll(async () => {
  kit = await startKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

async function call(operation: string, body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(kit.pool.endpoint, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
  });
  const json: unknown = await answer.json();
  return { status: answer.status, json };
}

function getAs(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${kit.pool.endpoint}/mailbox.json`, { headers: { host } }, (answer) => resolve(answer.statusCode))
      .on('error', reject)
      .end();
  });
}

describe('The API', () => {
  it.each(['SetUICustomization', 'constructor', '__proto__', ''])('does not know the operation "%s"', async (name) => {
    expect(await call(name, '{}')).toMatchObject({ status: 400, json: { __type: 'UnknownOperationException' } });
  });

  it('wants operations of an administrator signed', async () => {
    const body = JSON.stringify({ UserPoolId: kit.UserPoolId });
    const refused = { status: 400, json: { __type: 'MissingAuthenticationTokenException' } };
    expect(await call('ListUsers', body)).toMatchObject(refused);
    expect((await call('ListUsers', body, { authorization: 'AWS4-HMAC-SHA256 Credential=x' })).status).toBe(200);
  });

  it('says which member of a request is wrong', async () => {
    const { json } = await call('SignUp', JSON.stringify({ ClientId: kit.ClientId, Username: 'a@b.test' }));
    expect(json).toMatchObject({ __type: 'InvalidParameterException', message: expect.stringContaining("'password'") });
  });

  it('refuses a body that is not JSON', async () => {
    expect(await call('SignUp', '{')).toMatchObject({ status: 400, json: { __type: 'SerializationException' } });
  });
});

describe('The well-known documents', () => {
  it('publish two RSA keys and no private part', async () => {
    const text = await (await fetch(kit.pool.jwksUri)).text();
    const { keys } = JSON.parse(text);
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('name the issuer and where its keys are', async () => {
    const answer = await fetch(kit.pool.jwksUri.replace('jwks.json', 'openid-configuration'));
    expect(await answer.json()).toMatchObject({ issuer: kit.pool.issuer, jwks_uri: kit.pool.jwksUri });
  });
});

describe('The mailbox', () => {
  it('shows a code on its page and gives it as JSON', async () => {
    const email = freshEmail();
    await kit.sdk.send(new SignUpCommand({ ClientId: kit.ClientId, Username: email, Password: PASSWORD }));
    const code = newestCode(kit, email);
    expect(await (await fetch(kit.pool.endpoint)).text()).toContain(`<output>${code}</output>`);
    const found = await (await fetch(`${kit.pool.endpoint}/mailbox.json?to=${encodeURIComponent(email)}`)).json();
    expect(found).toMatchObject([{ to: email, code }]);
  });

  it('escapes what a mail says', async () => {
    kit.pool.mailbox.deliver({ to: '"<b>"@acme.test', subject: '<script>', text: '&', code: null });
    const page = await (await fetch(kit.pool.endpoint)).text();
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<b>');
  });

  it('keeps the last 200', () => {
    for (let n = 0; n < 201; n += 1)
      kit.pool.mailbox.deliver({ to: 'a@b.test', subject: `${n}`, text: '', code: null });
    expect(kit.pool.mailbox.list()).toHaveLength(200);
    expect(kit.pool.mailbox.list()[0]?.subject).toBe('200');
  });
});

describe('The server', () => {
  it('answers to names of this machine alone', async () => {
    expect(await getAs('localhost:9229')).toBe(200);
    expect(await getAs('evil.test')).toBe(403);
  });

  it('lets pages of this machine read it, and no others', async () => {
    const allowed = async (origin: string) =>
      (await fetch(kit.pool.jwksUri, { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('https://evil.test')).toBeNull();
    expect(await allowed('http://localhost.evil.test')).toBeNull();
  });

  it('refuses a port that is taken, in one line', async () => {
    const port = Number(new URL(kit.pool.endpoint).port);
    await expect(startLocalUserPool({ stateFile: null, port, trigger: null })).rejects.toMatchObject({
      name: 'StartupError',
      message: `Port ${port} is in use. Stop what listens there, or set PORT or LOCAL_POOL_PORT to another.`,
    });
  });
});
