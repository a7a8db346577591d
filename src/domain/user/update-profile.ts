import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, selfScope } from '../context.ts';
import { HumanName } from '../human-name.ts';
import { parse } from '../parse.ts';
import { findOwnProfile } from './find-own-profile.ts';
import type { User } from './user.ts';

const UpdateProfile = z.object({ displayName: HumanName('The display name') });

/** Changes the caller's own profile. Throws BAD_USER_INPUT, NOT_FOUND (no profile). */
export async function updateProfile(ctx: DomainContext, raw: z.input<typeof UpdateProfile>): Promise<User> {
  authorize(ctx, 'updateProfile');
  const input = parse(UpdateProfile, raw);
  const before = await findOwnProfile(ctx);
  const scope = selfScope(ctx);
  if (before === null || scope === null) throw notFound('caller has no profile');
  await ctx.database.transaction(scope, async (tx) => {
    await tx.user.updateMany({ where: { id: scope.userId }, data: input });
    await audit(tx, ctx, {
      action: 'user.update',
      tenantId: null,
      targetType: 'User',
      targetId: scope.userId,
      changes: { fields: Object.keys(input) },
    });
  });
  return { ...before, ...input };
}
