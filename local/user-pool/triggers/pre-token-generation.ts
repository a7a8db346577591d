import { z } from 'zod';
import { ClaimsAndScopeOverrides } from '../claim-overrides.ts';
import { LOCAL_POOL } from '../constants.ts';
import type { Pool } from '../pool.ts';
import type { User } from '../state/state.ts';
import { toEventAttributes } from '../user-views.ts';
import { invokeTrigger } from './invoke.ts';

export type TokenSource =
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_RefreshTokens';

export type ClientMetadata = Readonly<Record<string, string>> | undefined;

const Answer = z.object({ claimsAndScopeOverrideDetails: ClaimsAndScopeOverrides });

/** Asks, with event version V2_0, what to change in both tokens before they are signed. */
export async function preTokenGeneration(
  pool: Pool,
  user: User,
  { source, clientMetadata }: { readonly source: TokenSource; readonly clientMetadata?: ClientMetadata },
): Promise<ClaimsAndScopeOverrides> {
  const event = {
    name: 'PreTokenGeneration',
    source,
    version: '2',
    userName: user.sub,
    byClient: true,
    request: {
      userAttributes: toEventAttributes(user),
      groupConfiguration: { groupsToOverride: user.groups, iamRolesToOverride: [], preferredRole: null },
      scopes: LOCAL_POOL.scopes,
      clientMetadata,
    },
    response: { claimsAndScopeOverrideDetails: null },
  } as const;
  const answer = await invokeTrigger(pool, event, Answer);
  return answer.claimsAndScopeOverrideDetails;
}
