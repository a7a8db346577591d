import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, selfScope } from '../context.ts';
import { parse } from '../parse.ts';
import { findOwnSession } from './list-own-sessions.ts';
import type { Session } from './session.ts';

const SignOut = z.object({ sessionId: z.string().nullish() });

/**
 * Ends one of the caller's sessions, the one he calls with where none is named, and returns it as it was: its tokens are no
 * credentials from now on. His own ends whether or not it was kept that it was seen; then null. Throws NOT_FOUND for any other.
 */
export async function signOut(ctx: DomainContext, raw: z.input<typeof SignOut>): Promise<Session | null> {
  authorize(ctx, 'signOut');
  const { sessionId } = parse(SignOut, raw);
  const own = ctx.principal.sessionId;
  const id = sessionId ?? own;
  const scope = selfScope(ctx);
  const session = id === null ? null : await findOwnSession(ctx, id);
  if (scope === null || id === null || (session === null && id !== own)) {
    throw notFound(`session ${id}: none of the caller's`);
  }
  await ctx.database.transaction(scope, async (tx) => {
    const { userId } = scope;
    await tx.session.updateMany({ where: { userId, id }, data: { endedAt: new Date() } });
    const endsAt = new Date(Date.now() + ctx.sessionMaxMs);
    await tx.cutoff.createMany({
      data: [{ kind: 'SESSION', ofUser: userId, name: id, value: true, endsAt }],
    });
    await audit(tx, ctx, { action: 'session.end', tenantId: null, targetType: 'Session', targetId: id });
  });
  return session;
}
