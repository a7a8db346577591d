import { z } from 'zod';
import { findTokenClient } from '../domain/machine-client/index.ts';
import { findTokenMembership, type TokenMembership } from '../domain/membership/index.ts';
import { assertNotDisabled, upsertProfile } from '../domain/user/index.ts';
import { AppError } from '../errors.ts';
import { groupsOfRole, looksLikeRoleGroup } from '../identity/groups.ts';
import type { TriggerContext } from './context.ts';
import { respond, type TriggerEvent, toEventProfile } from './event.ts';
import { stampMachine } from './stamp-machine.ts';
import { writeInTime } from './write-in-time.ts';

const GroupConfiguration = z.looseObject({ groupsToOverride: z.array(z.string()).nullish() });

/**
 * Stamps the tenant into the tokens about to be issued, as the store has it now: for a machine that of its client, for a
 * user that of the membership. Refuses a client that was deleted, whoever asks through it.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export async function preTokenGeneration(ctx: TriggerContext, event: TriggerEvent): Promise<TriggerEvent> {
  if (event.version === '1') {
    // A version 1 event cannot change access tokens: they stay without tenant, which is no access.
    ctx.log.error('the pool calls pre-token-generation in version V1_0; set V3_0, or no token will carry a tenant');
    return event;
  }
  const client = await findTokenClient(ctx, event.callerContext.clientId);
  if (client?.isEnded) throw new AppError('FORBIDDEN', 'This app client is accepted no more.');
  if (event.triggerSource === 'TokenGeneration_ClientCredentials') return stampMachine(ctx, event, client);
  return stampUser(ctx, event, client?.tenantId ?? null);
}

/**
 * ClientMetadata is the client's word: a tenant named there counts only where the user is a member, and not at all where
 * the app client is bound to one. Pool groups that look like ours are dropped.
 */
async function stampUser(ctx: TriggerContext, event: TriggerEvent, boundTo: string | null): Promise<TriggerEvent> {
  const profile = toEventProfile(event);
  const wanted = boundTo ?? event.request.clientMetadata?.['tenant_id'] ?? null;
  // What is known of the address here is only what the pool says; nobody has just answered a code.
  await writeInTime(ctx, async (tx) => {
    await upsertProfile(tx, profile, 'NONE', ctx.signedAt);
    await assertNotDisabled(tx, profile.id);
  });
  const membership = await findTokenMembership(ctx, profile.id, wanted);
  const isElsewhere = boundTo !== null && membership?.tenantId !== boundTo;
  return respond(event, { claimsAndScopeOverrideDetails: toOverride(ctx, event, isElsewhere ? null : membership) });
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
