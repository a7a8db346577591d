import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, selfScope } from '../context.ts';
import { parse } from '../parse.ts';
import { endSession, sessionEnd } from './end-session.ts';
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
  const { userId } = scope;
  const endsAt = new Date(Date.now() + ctx.sessionMaxMs);
  await ctx.database.transaction(scope, async (tx) => {
    await endSession(tx, { userId, sessionId: id, endsAt });
    await audit(tx, ctx, sessionEnd(id));
  });
  return session;
}
