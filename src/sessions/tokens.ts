import { decodeJwt } from 'jose';

/** What the pool issues for a sign-in. */
export type Tokens = { readonly access: string; readonly id: string; readonly refresh: string };

/** When an access token of ours ends. It is verified where it is used. */
export function toExpiry({ access }: Tokens): Date {
  return new Date((decodeJwt(access).exp ?? 0) * 1000);
}

/** The tenant it was issued for; null when it names none. */
export function findTenant({ access }: Tokens, tenantClaim: string): string | null {
  const tenantId = decodeJwt(access)[tenantClaim];
  return typeof tenantId === 'string' ? tenantId : null;
}

/** What was sealed of them; null for anything else. */
export function findTokens({ access, id, refresh }: Readonly<Record<string, unknown>>): Tokens | null {
  const all = [access, id, refresh];
  return all.every((token) => typeof token === 'string') ? ({ access, id, refresh } as Tokens) : null;
}
