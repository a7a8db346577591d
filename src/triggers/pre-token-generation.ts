import { z } from 'zod';
import { findTokenMembership, type TokenMembership } from '../domain/membership/index.ts';
import { upsertProfile } from '../domain/user/index.ts';
import { groupsOfRole, looksLikeRoleGroup } from '../identity/groups.ts';
import type { TriggerContext } from './context.ts';
import { respond, type TriggerEvent, toEventProfile } from './event.ts';
import { writeInTime } from './write-in-time.ts';

const GroupConfiguration = z.looseObject({ groupsToOverride: z.array(z.string()).nullish() });

/**
 * Stamps the tenant into the tokens about to be issued, from the membership as the store has it now. ClientMetadata is the
 * client's word: a tenant named there counts only where the user is a member. Pool groups that look like ours are dropped.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export async function preTokenGeneration(ctx: TriggerContext, event: TriggerEvent): Promise<TriggerEvent> {
  if (event.version === '1') {
    // A version 1 event cannot change access tokens: they stay without tenant, which is no access.
    ctx.log.error('the pool calls pre-token-generation in version V1_0; set V2_0, or no token will carry a tenant');
    return event;
  }
  const profile = toEventProfile(event);
  const wanted = event.request.clientMetadata?.['tenant_id'] ?? null;
  // What is known of the address here is only what the pool says; nobody has just answered a code.
  await writeInTime(ctx, (tx) => upsertProfile(tx, profile, 'NONE', ctx.signedAt));
  const membership = await findTokenMembership(ctx, profile.id, wanted);
  return respond(event, { claimsAndScopeOverrideDetails: toOverride(ctx, event, membership) });
}

function toOverride({ settings }: TriggerContext, event: TriggerEvent, membership: TokenMembership | null): object {
  const { groupsToOverride } = GroupConfiguration.parse(event.request['groupConfiguration'] ?? {});
  const poolGroups = (groupsToOverride ?? []).filter((group) => !looksLikeRoleGroup(group));
  const claims = membership && {
    [settings.tenantClaim]: membership.tenantId,
    tenant_role: membership.role,
    membership_version: membership.version,
  };
  const tokens = claims ? { claimsToAddOrOverride: claims } : {};
  return {
    idTokenGeneration: tokens,
    accessTokenGeneration: tokens,
    groupOverrideDetails: { groupsToOverride: [...poolGroups, ...groupsOfRole(membership?.role ?? null)] },
  };
}
