import { CreateUserPoolClientCommand, type UserPoolClientType } from '@aws-sdk/client-cognito-identity-provider';
import type { PoolKit } from './kit.ts';

export const SCOPE = 'tenantry/members.read';

/** An app client for client_credentials, with one secret. */
export async function createMachine(
  { sdk, UserPoolId }: PoolKit,
  AllowedOAuthScopes = [SCOPE],
): Promise<{ readonly id: string; readonly secret: string; readonly client: UserPoolClientType }> {
  const { UserPoolClient: client = {} } = await sdk.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'machine',
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes,
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  return { id: client.ClientId ?? '', secret: client.ClientSecret ?? '', client };
}

export type TokenAnswer = { readonly status: number; readonly headers: Headers; readonly body: TokenBody };
type TokenBody = { readonly access_token?: string; readonly error?: string; readonly error_description?: string };

/** POST /oauth2/token as any OAuth client sends it. */
export async function requestToken(
  { pool }: Pick<PoolKit, 'pool'>,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const body = new URLSearchParams(form);
  const response = await fetch(`${pool.endpoint}/oauth2/token`, { method: 'POST', body, headers });
  return { status: response.status, headers: response.headers, body: await toBody(response) };
}

async function toBody(response: Response): Promise<TokenBody> {
  const body: TokenBody = JSON.parse(await response.text());
  return body;
}

export function toBasic({ id, secret }: { readonly id: string; readonly secret: string }): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}
