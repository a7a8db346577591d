import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, selfScope } from '../context.ts';
import { readEvents, readInvitations, readMemberships, readProfile, readSessions, toPart } from './own-rows.ts';

/**
 * All that is kept of the caller, as one document: his profile, his places in tenants, where he is signed in, the
 * invitations of an address he has proven, and what he did, newest first. Of that 10 000 events at most; `isComplete` says whether there are no more. Throws
 * NOT_FOUND (no profile).
 */
export async function exportMyData(ctx: DomainContext): Promise<Readonly<Record<string, unknown>>> {
  authorize(ctx, 'exportMyData');
  const scope = selfScope(ctx);
  const profile = scope && (await readProfile(ctx, scope));
  if (!scope || !profile) throw notFound('caller has no profile');
  // Whoever has a stolen token could ask for this too: the person can see that it was asked for.
  await ctx.database.transaction(scope, async (tx) => {
    await audit(tx, ctx, { action: 'user.export', tenantId: null, targetType: 'User', targetId: scope.userId });
  });
  const memberships = await readMemberships(ctx, scope);
  const sessions = await readSessions(ctx, scope);
  const invitations = await readInvitations(ctx, profile);
  const { events, isComplete } = await readEvents(ctx, scope);
  return { profile: toPart(profile), memberships, sessions, invitations, auditEvents: events, isComplete };
}
