import { z } from 'zod';
import { SYSTEM } from '../../store/scope.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { tellPool } from '../outbox.ts';
import { parse, RowId } from '../parse.ts';
import { getUser } from './get-user.ts';
import { lockUser } from './lock-user.ts';
import type { User } from './user.ts';

const EnableUser = z.object({ userId: RowId });

/** Lets a disabled user sign in again. Sign-ins that were ended stay so. Done again, it changes nothing. Throws NOT_FOUND. */
export async function enableUser(ctx: DomainContext, raw: z.input<typeof EnableUser>): Promise<User> {
  authorize(ctx, 'enableUser');
  const { userId } = parse(EnableUser, raw);
  await ctx.database.transaction(SYSTEM, async (tx) => {
    const user = await lockUser(tx, userId);
    if (user.disabledAt === null) return;
    await tx.user.updateMany({ where: { id: userId }, data: { disabledAt: null } });
    await tellPool(tx, user, [{ kind: 'ENABLE' }]);
    await audit(tx, ctx, { action: 'user.enable', tenantId: null, targetType: 'User', targetId: userId });
  });
  ctx.outbox.wake();
  return getUser(ctx, userId);
}
