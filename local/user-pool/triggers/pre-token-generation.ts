import { z } from 'zod';
import { ClaimsAndScopeOverrides } from '../claim-overrides.ts';
import type { Pool } from '../pool.ts';
import type { User } from '../state/state.ts';
import { toEventAttributes } from '../user-views.ts';
import { invokeTrigger, type TriggerInput } from './invoke.ts';
import type { TokenSource } from './token-source.ts';

export type ClientMetadata = Readonly<Record<string, string>> | undefined;

type UserTokens = {
  readonly source: TokenSource;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly clientMetadata?: ClientMetadata;
};

type MachineToken = {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly clientMetadata: ClientMetadata;
};

const Answer = z.object({ claimsAndScopeOverrideDetails: ClaimsAndScopeOverrides });

/** Asks, with event version V3_0, what to change in both tokens before they are signed. */
export function preTokenGeneration(
  pool: Pool,
  user: User,
  { source, clientId, scopes, clientMetadata }: UserTokens,
): Promise<ClaimsAndScopeOverrides> {
  const request = {
    userAttributes: toEventAttributes(user),
    groupConfiguration: { groupsToOverride: user.groups, iamRolesToOverride: [], preferredRole: null },
    scopes,
    clientMetadata,
  };
  return ask(pool, { source, userName: user.sub, clientId, request });
}

/** The same for client_credentials: there is no user, and so neither name, attributes nor groups. */
export function preMachineTokenGeneration(
  pool: Pool,
  { clientId, scopes, clientMetadata }: MachineToken,
): Promise<ClaimsAndScopeOverrides> {
  return ask(pool, { source: 'TokenGeneration_ClientCredentials', clientId, request: { scopes, clientMetadata } });
}

async function ask(
  pool: Pool,
  input: Pick<TriggerInput, 'source' | 'userName' | 'clientId' | 'request'>,
): Promise<ClaimsAndScopeOverrides> {
  const response = { claimsAndScopeOverrideDetails: null };
  const event = { ...input, name: 'PreTokenGeneration', version: '3', response } as const;
  return (await invokeTrigger(pool, event, Answer)).claimsAndScopeOverrideDetails;
}
