import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export type SigningKey = {
  readonly jwk: JWK;
  sign(claims: Record<string, unknown>): Promise<string>;
};

export async function createSigningKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  return { jwk, sign };
}

export type KeyServer = AsyncDisposable & {
  readonly url: string;
  /** From now on answers like this. */
  answer(how: (reply: ServerResponse) => void): void;
  /** From now on publishes these keys. */
  publish(...keys: readonly SigningKey[]): void;
};

/** Where a pool publishes its keys; it answers as it is told to. It begins with an empty set. */
export async function startKeyServer(): Promise<KeyServer> {
  const publish = (...keys: readonly SigningKey[]) => {
    const text = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
    respond = (reply) => reply.end(text);
  };
  let respond: (reply: ServerResponse) => void = (reply) => reply.end('{"keys":[]}');
  const server = createServer((_request, reply) => respond(reply)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    answer: (how) => {
      respond = how;
    },
    publish,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
