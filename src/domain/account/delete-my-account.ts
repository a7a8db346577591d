import { z } from 'zod';
import { badUserInput, notFound } from '../../errors.ts';
import { SYSTEM } from '../../store/scope.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { tellPool } from '../outbox.ts';
import { parse } from '../parse.ts';
import { toSearchKey } from '../search.ts';
import { findOwnProfile } from '../user/index.ts';
import { closeAccount } from './close-account.ts';

const DeleteMyAccount = z.object({ confirmEmail: z.string() });

/**
 * Deletes the caller: his places in tenants, his profile, his sign-ins and his user at the pool. Returns the id that was
 * his. Throws BAD_USER_INPUT (another address typed), CONFLICT (the only owner of a tenant), NOT_FOUND (no profile).
 */
export async function deleteMyAccount(ctx: DomainContext, raw: z.input<typeof DeleteMyAccount>): Promise<string> {
  authorize(ctx, 'deleteMyAccount');
  const { confirmEmail } = parse(DeleteMyAccount, raw);
  const profile = await findOwnProfile(ctx);
  if (profile === null) throw notFound('caller has no profile');
  // Who has no address types the one thing that names him.
  if (toSearchKey(confirmEmail) !== toSearchKey(profile.email ?? profile.id)) {
    throw badUserInput('Type the e-mail address of your account to delete it.');
  }
  const { id } = profile;
  // His places are in several tenants, and his own reach removes nothing.
  await ctx.database.transaction(SYSTEM, async (tx) => {
    const user = await closeAccount(tx, id, ctx);
    await tellPool(tx, user, [{ kind: 'SIGN_OUT' }, { kind: 'DELETE' }]);
    await audit(tx, ctx, { action: 'user.delete', tenantId: null, targetType: 'User', targetId: id });
  });
  ctx.outbox.wake();
  return id;
}
