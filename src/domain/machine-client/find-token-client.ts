import type { TenantStatus } from '../../generated/prisma/enums.ts';
import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';

/** What the registry knows of the app client a token is about to be made for. */
export type TokenClient = {
  /** The only tenant its tokens may name; null when it serves all. */
  readonly tenantId: string | null;
  readonly tenantStatus: TenantStatus | null;
  readonly isEnded: boolean;
};

const FIND = {
  name: 'find-token-client',
  text: `select c.tenant_id as "tenantId", t.status as "tenantStatus", c.ended_at is not null as "isEnded"
    from app_clients c left join tenants t on t.id = c.tenant_id where c.client_id = $1`,
};

/** Null for a client that was never registered: those of the configuration, and those of other services. */
export async function findTokenClient(
  { database }: { readonly database: Database },
  clientId: string,
): Promise<TokenClient | null> {
  const [client] = await database.query<TokenClient>(SYSTEM, FIND, [clientId]);
  return client ?? null;
}
