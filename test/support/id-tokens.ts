import { decodeJwt } from 'jose';
import type { Product } from './product.ts';

/** The claims of the ID token that came with an access token. Undefined takes one out. */
export function toIdClaims(accessToken: string, changes: object = {}): Record<string, unknown> {
  const { client_id, username, scope: _, ...common } = decodeJwt(accessToken);
  return { ...common, token_use: 'id', aud: client_id, 'cognito:username': username, ...changes };
}

/** That ID token, by the pool's own key. */
export function idTokenOf({ pool }: Pick<Product, 'pool'>, accessToken: string, changes?: object): Promise<string> {
  return pool.signToken(toIdClaims(accessToken, changes));
}
