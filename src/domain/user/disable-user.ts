import { z } from 'zod';
import { conflict } from '../../errors.ts';
import { SYSTEM } from '../../store/scope.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { tellPool } from '../outbox.ts';
import { parse, RowId } from '../parse.ts';
import { getUser } from './get-user.ts';
import { lockUser } from './lock-user.ts';
import type { User } from './user.ts';

const DisableUser = z.object({ userId: RowId });

/**
 * Keeps a user out until `enableUser`: no token is issued to him, his sign-ins end, and what his tokens still change is
 * refused. Done again, it changes nothing. Throws NOT_FOUND, CONFLICT (oneself).
 */
export async function disableUser(ctx: DomainContext, raw: z.input<typeof DisableUser>): Promise<User> {
  authorize(ctx, 'disableUser');
  const { userId } = parse(DisableUser, raw);
  if (userId === ctx.principal.subject) throw conflict('Nobody disables himself: ask a colleague.');
  // No reach of a caller's own writes across tenants.
  await ctx.database.transaction(SYSTEM, async (tx) => {
    const user = await lockUser(tx, userId);
    if (user.disabledAt !== null) return;
    await tx.user.updateMany({ where: { id: userId }, data: { disabledAt: new Date() } });
    await tellPool(tx, user, [{ kind: 'DISABLE' }, { kind: 'SIGN_OUT' }]);
    await audit(tx, ctx, { action: 'user.disable', tenantId: null, targetType: 'User', targetId: userId });
  });
  ctx.outbox.wake();
  return getUser(ctx, userId);
}
