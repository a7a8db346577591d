import { createHash, timingSafeEqual } from 'node:crypto';
import type { Pool } from '../pool.ts';
import type { Client } from '../state/state.ts';
import { OAuthError } from './oauth-error.ts';

type Credentials = { readonly id: string; readonly secret: string | null };

const BASIC = /^Basic +(?<pair>[\w+/=-]+)$/i;

/**
 * The client that the header or the body proves, RFC 6749 §2.3.1, by any secret it has just now; one without a secret is
 * named by the body alone, §3.2.1. Throws OAuthError: `invalid_request` for both at once, `invalid_client` for anything
 * that proves no client.
 */
export function authenticateClient(pool: Pool, authorization: string | undefined, form: URLSearchParams): Client {
  if (authorization !== undefined && form.has('client_secret')) throw new OAuthError('invalid_request');
  const { id, secret } = authorization === undefined ? fromBody(form) : fromHeader(authorization);
  if (authorization !== undefined && form.has('client_id') && form.get('client_id') !== id) {
    throw new OAuthError('invalid_request');
  }
  const client = pool.state.clients.get(id);
  if (!client || !isProven(client, secret)) throw new OAuthError('invalid_client');
  return client;
}

function isProven({ secrets }: Client, secret: string | null): boolean {
  if (secret === null) return secrets.length === 0;
  return secrets.some(({ value }) => isEqual(value, secret));
}

function fromBody(form: URLSearchParams): Credentials {
  return { id: form.get('client_id') ?? '', secret: form.get('client_secret') };
}

function fromHeader(authorization: string): Credentials {
  const pair = Buffer.from(BASIC.exec(authorization)?.groups?.['pair'] ?? '', 'base64').toString();
  const colon = pair.indexOf(':');
  return { id: pair.slice(0, Math.max(0, colon)), secret: pair.slice(colon + 1) };
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
