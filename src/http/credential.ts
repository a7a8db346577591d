import type { FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from './session/cookies.ts';

/** What a request shows for itself. `ODD` is something that is no credential, and is not taken for none. */
export type Credential =
  | { readonly kind: 'NONE' }
  | { readonly kind: 'BEARER'; readonly token: string }
  | { readonly kind: 'COOKIE'; readonly id: string }
  | { readonly kind: 'ODD'; readonly reason: string };

// RFC 6750 §2.1 over RFC 9110 §11.1: the scheme in any case, one space, one token.
const BEARER = /^bearer ([A-Za-z0-9._~+/=-]+)$/i;

/** One bearer token, or one session cookie where browsers have sessions, and never both: nobody knows which was meant. */
export function readCredential({ raw, cookies }: FastifyRequest, hasSessions: boolean): Credential {
  const headers = raw.headersDistinct['authorization'] ?? [];
  const id = hasSessions ? cookies[SESSION_COOKIE] : undefined;
  if (headers.length === 0) return id === undefined ? { kind: 'NONE' } : { kind: 'COOKIE', id };
  if (id !== undefined) return { kind: 'ODD', reason: 'authorization: beside a session cookie' };
  const token = headers.length === 1 ? BEARER.exec(headers[0] ?? '')?.[1] : undefined;
  return token === undefined
    ? { kind: 'ODD', reason: 'authorization: not one bearer token' }
    : { kind: 'BEARER', token };
}
