import { notFound } from '../../errors.ts';
import { SYSTEM } from '../../store/scope.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, selfScope } from '../context.ts';
import { tellPool } from '../outbox.ts';
import { lockUser } from '../user/index.ts';
import { listOwnSessions } from './list-own-sessions.ts';
import type { Session } from './session.ts';

/** Ends every sign-in of the caller up to now, here and at the pool, and returns those that were seen here. */
export async function signOutEverywhere(ctx: DomainContext): Promise<Session[]> {
  authorize(ctx, 'signOutEverywhere');
  const scope = selfScope(ctx);
  if (scope === null) throw notFound('a machine has no sessions');
  const { userId } = scope;
  const sessions = await listOwnSessions(ctx);
  // The pool's outbox is no reach of a caller's own.
  await ctx.database.transaction(SYSTEM, async (tx) => {
    const user = await lockUser(tx, userId);
    const [now, endsAt] = [new Date(), new Date(Date.now() + ctx.sessionMaxMs)];
    await tx.session.updateMany({ where: { userId, endedAt: null }, data: { endedAt: now } });
    // `auth_time` is by the pool's clock: what was seen here is ended by name, wherever that clock stands.
    const signedOutAt = Math.floor(Math.max(now.getTime(), ctx.principal.authenticatedAt?.getTime() ?? 0) / 1000);
    await tx.cutoff.createMany({
      data: [
        { kind: 'USER', ofUser: userId, value: signedOutAt, endsAt },
        ...sessions.map(({ id }) => ({ kind: 'SESSION', ofUser: userId, name: id, value: true, endsAt })),
      ],
    });
    await tellPool(tx, user, [{ kind: 'SIGN_OUT' }]);
    await audit(tx, ctx, {
      action: 'user.sign-out-everywhere',
      tenantId: null,
      targetType: 'User',
      targetId: userId,
    });
  });
  ctx.outbox.wake();
  return sessions;
}
