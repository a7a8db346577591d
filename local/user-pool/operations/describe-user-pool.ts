import { z } from 'zod';
import { LOCAL_POOL } from '../constants.ts';
import { adminOperation } from '../operation.ts';
import type { Pool } from '../pool.ts';

const Input = z.object({ UserPoolId: z.string() });

export const describeUserPool = adminOperation(Input, (pool) => ({
  UserPool: {
    Id: LOCAL_POOL.poolId,
    Name: 'tenantry-local',
    Arn: `arn:aws:cognito-idp:${LOCAL_POOL.region}:000000000000:userpool/${LOCAL_POOL.poolId}`,
    UsernameAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
    AutoVerifiedAttributes: ['email'],
    MfaConfiguration: pool.state.mfa,
    UserPoolTier: 'ESSENTIALS',
    EstimatedNumberOfUsers: pool.state.users.size,
    LambdaConfig: toLambdaConfig(pool),
    SchemaAttributes: LOCAL_POOL.attributes.map((Name) => ({ Name, Mutable: true, Required: Name === 'email' })),
    Policies: {
      PasswordPolicy: {
        MinimumLength: 8,
        RequireLowercase: true,
        RequireUppercase: true,
        RequireNumbers: true,
        RequireSymbols: false,
      },
    },
  },
}));

function toLambdaConfig(pool: Pool): object {
  if (pool.trigger === null) return {};
  const arn = `arn:aws:lambda:${LOCAL_POOL.region}:000000000000:function:tenantry-triggers`;
  return {
    PreSignUp: arn,
    PostConfirmation: arn,
    PreTokenGeneration: arn,
    PreTokenGenerationConfig: { LambdaVersion: 'V3_0', LambdaArn: arn },
  };
}
