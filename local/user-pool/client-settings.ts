import { z } from 'zod';
import { REFRESH_FLOW } from './clients.ts';
import { CognitoError, invalidParameter } from './errors.ts';
import type { Pool } from './pool.ts';
import { assertScopesExist } from './resource-servers.ts';
import type { Client } from './state/state.ts';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/u;

/** Where a browser may be sent: https, http to this machine, or an app's own scheme; never with a fragment. */
const RedirectUrl = z
  .string()
  .max(1024)
  .refine(
    (text) => URL.canParse(text) && isRedirectUrl(new URL(text)),
    'Member must be a URL without a fragment, by https',
  );

function isRedirectUrl({ protocol, hostname, href }: URL): boolean {
  if (href.includes('#')) return false;
  return protocol === 'http:' ? LOOPBACK.test(hostname) : !['javascript:', 'data:', 'blob:'].includes(protocol);
}

/** What CreateUserPoolClient and UpdateUserPoolClient both take. */
export const ClientSettings = {
  UserPoolId: z.string(),
  ExplicitAuthFlows: z.array(z.string()).optional(),
  AllowedOAuthFlows: z.array(z.enum(['code', 'implicit', 'client_credentials'])).default([]),
  AllowedOAuthScopes: z.array(z.string()).default([]),
  AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
  CallbackURLs: z.array(RedirectUrl).max(100).default([]),
  LogoutURLs: z.array(RedirectUrl).max(100).default([]),
  SupportedIdentityProviders: z.array(z.literal('COGNITO')).default([]),
  RefreshTokenRotation: z
    .object({
      Feature: z.enum(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: z.int().min(0).max(60).default(0),
    })
    .default({ Feature: 'DISABLED', RetryGracePeriodSeconds: 0 }),
};

const Settings = z.object(ClientSettings);
type Settings = z.output<typeof Settings>;

export const ClientName = z
  .string()
  .max(128)
  .regex(/^[\w\s+=,.@-]+$/);

/** Everything of a client but its name and secrets. Throws InvalidOAuthFlowException and ScopeDoesNotExistException. */
export function toClientSettings(pool: Pool, input: Settings, hasSecret: boolean) {
  assertOAuth(input, hasSecret);
  assertScopesExist(pool, input.AllowedOAuthScopes, input.AllowedOAuthFlows.includes('client_credentials'));
  return {
    authFlows: toAuthFlows(input),
    oauthFlows: input.AllowedOAuthFlows,
    oauthScopes: input.AllowedOAuthScopes,
    callbackUrls: input.CallbackURLs,
    logoutUrls: input.LogoutURLs,
    identityProviders: input.SupportedIdentityProviders,
    rotation: toRotation(input),
  };
}

function toRotation({ RefreshTokenRotation }: Settings): Client['rotation'] {
  const { Feature, RetryGracePeriodSeconds: graceSeconds } = RefreshTokenRotation;
  return { isEnabled: Feature === 'ENABLED', graceSeconds };
}

/** Rotation and REFRESH_TOKEN_AUTH exclude each other; the sentence is ours, for AWS documents the rule alone. */
function toAuthFlows({ ExplicitAuthFlows, RefreshTokenRotation }: Settings): readonly string[] {
  const isRotating = RefreshTokenRotation.Feature === 'ENABLED';
  if (isRotating && ExplicitAuthFlows?.includes(REFRESH_FLOW)) {
    throw invalidParameter(`${REFRESH_FLOW} is not compatible with refresh token rotation.`);
  }
  const usual = ['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_SRP_AUTH', ...(isRotating ? [] : [REFRESH_FLOW])];
  return ExplicitAuthFlows ?? usual;
}

function assertOAuth({ AllowedOAuthFlows, AllowedOAuthFlowsUserPoolClient }: Settings, hasSecret: boolean): void {
  const refuse = (why: string) => {
    throw new CognitoError('InvalidOAuthFlowException', why);
  };
  if (AllowedOAuthFlows.length > 0 && !AllowedOAuthFlowsUserPoolClient) {
    refuse('AllowedOAuthFlowsUserPoolClient must be true where AllowedOAuthFlows is set.');
  }
  if (!AllowedOAuthFlows.includes('client_credentials')) return;
  if (!hasSecret) {
    refuse('client_credentials flow can not be selected if client does not have a client secret.');
  }
  if (AllowedOAuthFlows.length > 1) {
    refuse('client_credentials flow can not be selected along with code flow or implicit flow.');
  }
}
