import { AppError, notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, scopeOfTenant } from '../context.ts';
import { findOwnMembershipIn, type Membership } from '../membership/index.ts';
import { findOwnProfile } from '../user/index.ts';
import { findOpenDomain, joinOpenDomain } from './open-domain.ts';

/**
 * Makes the caller a member of the tenant that has verified the domain of his address and whose policy lets him in. Who is
 * one already stays what he is. Throws FORBIDDEN (his address is not proven by a code), NOT_FOUND (no tenant lets him in),
 * CONFLICT (the tenant is full), TENANT_SUSPENDED.
 */
export async function joinByDomain(ctx: DomainContext): Promise<Membership> {
  authorize(ctx, 'joinByDomain');
  const user = await findOwnProfile(ctx);
  // An identity provider vouches for addresses in any domain; a code shows that mail to this one reaches him.
  if (user?.emailProof !== 'CODE') {
    throw new AppError('FORBIDDEN', 'To join by its domain, an e-mail address must be confirmed by a code sent to it.');
  }
  const open = await findOpenDomain(ctx, user.email);
  if (open === null) throw notFound('domain: no tenant lets this address in');
  await ctx.database.transaction(scopeOfTenant(ctx, open.tenantId), async (tx) => {
    const joined = await joinOpenDomain(tx, ctx, open, user);
    if (joined !== null) await audit(tx, ctx, joined);
  });
  const membership = await findOwnMembershipIn(ctx, open.tenantId);
  if (membership === null) throw notFound('domain: not open any more, or the caller was removed again');
  return membership;
}
