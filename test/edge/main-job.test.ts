import { randomUUID } from 'node:crypto';
import {
  AdminListGroupsForUserCommand,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const VIEWER = '{ viewer { sub tenantId groups profile { email emailProof } tenant { slug } } }';
const PASSWORD = 'Correct-horse-7';

describe('the main job, by the AWS SDK alone', () => {
  let product: Product;
  beforeAll(async () => {
    product = await getSharedProduct();
  });

  const signUp = (email: string) => {
    const UserAttributes = [{ Name: 'email', Value: email }];
    const ClientId = product.pool.clientId;
    return product.sdk.send(new SignUpCommand({ ClientId, Username: email, Password: PASSWORD, UserAttributes }));
  };
  const confirm = (email: string) => {
    const ConfirmationCode = product.pool.mailbox.list(email)[0]?.code ?? '';
    const ClientId = product.pool.clientId;
    return product.sdk.send(new ConfirmSignUpCommand({ ClientId, Username: email, ConfirmationCode }));
  };
  const signIn = async (email: string) => {
    const AuthParameters = { USERNAME: email, PASSWORD };
    const ClientId = product.pool.clientId;
    const command = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
    return (await product.sdk.send(command)).AuthenticationResult;
  };

  it('refuses a sign-up from a domain that is not allowed, with our sentence', async () => {
    await expect(signUp('eve@evil.test')).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
      message: 'PreSignUp failed with error Sign-up is not open to addresses at evil.test.',
    });
  });

  it('takes an allowed one from sign-up to a viewer with a profile', async () => {
    const email = `nina-${randomUUID()}@acme.test`;
    const { UserSub } = await signUp(email);
    expect(await product.sql('select * from users where id = $1', [UserSub])).toEqual([]);
    await confirm(email);

    expect(await product.sql('select email, email_proof from users where id = $1', [UserSub])).toEqual([
      { email, email_proof: 'CODE' },
    ]);
    const UserPoolId = product.pool.poolId;
    const { Groups } = await product.sdk.send(new AdminListGroupsForUserCommand({ UserPoolId, Username: email }));
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['Users']);

    const tokens = await signIn(email);
    const { body } = await product.query(tokens?.AccessToken ?? '', VIEWER);
    expect(body).toEqual({
      data: {
        viewer: {
          sub: UserSub,
          tenantId: null,
          groups: ['Users'],
          profile: { email, emailProof: 'CODE' },
          tenant: null,
        },
      },
    });
  });

  it('stamps the tenant a member belongs to', async () => {
    const { body } = await product.query(await product.tokenOf('olivia@acme.test'), VIEWER);
    expect(body.data.viewer).toMatchObject({
      groups: ['Users', 'TenantOwners', 'TenantAdmins', 'TenantMembers'],
      tenant: { slug: 'acme' },
    });
  });
});
