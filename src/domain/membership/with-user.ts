import { type DomainContext, tenantScope } from '../context.ts';
import { loadUsers } from '../user/index.ts';
import type { Membership } from './membership.ts';

/** The membership with its user, for who is about to end it: afterwards neither is within the tenant's reach. */
export async function withUser(ctx: DomainContext, membership: Membership): Promise<Membership> {
  const [user] = await loadUsers(ctx, tenantScope(ctx), [membership.userId]);
  return user === undefined ? membership : Object.assign(membership, { user });
}
