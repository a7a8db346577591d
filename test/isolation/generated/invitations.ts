import { randomUUID } from 'node:crypto';
import type { Product } from '../../support/product.ts';
import { type Home, type Row, toRow } from './home.ts';

/** An open invitation of the tenant, by one of its members. Its secret is nobody's. */
export async function addInvitation(
  { sql }: Product,
  home: Home,
  tenantId: string,
  membershipId: string,
): Promise<Row> {
  const [id, email] = [randomUUID(), `invited@${home}.test`];
  await sql(
    `insert into invitations (tenant_id, id, email, email_key, role, secret_hash, invited_by, expires_at)
     values ($1, $2, $3, $3, 'MEMBER', $3, $4, now() + interval '1 day')`,
    [tenantId, id, email, membershipId],
  );
  return toRow('Invitation', home, id, email);
}
