import { z } from 'zod';
import { LOCAL_POOL } from '../constants.ts';
import { adminOperation, assertClient } from '../operation.ts';

const Input = z.object({ UserPoolId: z.string(), ClientId: z.string() });

const PASSWORD_FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'];

export const describeUserPoolClient = adminOperation(Input, ({ refreshRotation }, { ClientId }) => {
  assertClient(ClientId);
  return {
    UserPoolClient: {
      UserPoolId: LOCAL_POOL.poolId,
      ClientId: LOCAL_POOL.clientId,
      ClientName: 'tenantry-local',
      ExplicitAuthFlows: refreshRotation ? PASSWORD_FLOWS : [...PASSWORD_FLOWS, 'ALLOW_REFRESH_TOKEN_AUTH'],
      RefreshTokenRotation: { Feature: refreshRotation ? 'ENABLED' : 'DISABLED', RetryGracePeriodSeconds: 0 },
      ReadAttributes: LOCAL_POOL.attributes,
      WriteAttributes: LOCAL_POOL.writeAttributes,
      AccessTokenValidity: 60,
      IdTokenValidity: 60,
      RefreshTokenValidity: LOCAL_POOL.refreshTokenDays,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' },
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
    },
  };
});
