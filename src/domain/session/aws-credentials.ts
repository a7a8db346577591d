import { z } from 'zod';
import { badUserInput, conflict, rateLimited } from '../../errors.ts';
import { InvalidTokenError } from '../../identity/invalid-token.ts';
import type { LentCredentials } from '../../identity-pool/identity-pool.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { assertStillMember } from '../membership/index.ts';
import { parse } from '../parse.ts';

const AwsCredentialsInput = z.object({ idToken: z.string().nullish() });

const NOT_OF_THIS_SIGN_IN = 'This is no ID token of this sign-in. Send the one that came with the access token.';
const NONE_GIVEN = 'There is no ID token to go by. Send the one that came with the access token.';

/**
 * AWS credentials for the caller, which carry his tenant as a principal tag: of the ID token named, or of the one his browser's
 * session keeps. They are handed out once it is written down that they are. Throws BAD_USER_INPUT, CONFLICT (no identity
 * pool), RATE_LIMITED, FORBIDDEN, TENANT_REQUIRED, TENANT_SUSPENDED, SERVICE_UNAVAILABLE.
 */
export async function awsCredentials(
  ctx: DomainContext,
  raw: z.input<typeof AwsCredentialsInput>,
): Promise<LentCredentials> {
  authorize(ctx, 'awsCredentials');
  const { idToken: named } = parse(AwsCredentialsInput, raw);
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  if (ctx.identityPool === null) throw conflict('This server has no identity pool: it can give no AWS credentials.');
  const idToken = named ?? ctx.sessionIdToken;
  if (idToken === null) throw badUserInput(NONE_GIVEN);
  await assertOwnIdToken(ctx, idToken);
  await countLoan(ctx);
  const credentials = await ctx.identityPool.lend(idToken);
  await ctx.database.transaction(scope, async (tx) => {
    await lockActiveTenant(tx, tenantId, 'share');
    await assertStillMember(tx, ctx, tenantId);
    await audit(tx, ctx, {
      action: 'session.aws-credentials',
      tenantId,
      targetType: 'AwsCredentials',
      targetId: credentials.identityId,
      // CloudTrail names what is done with them by this id. It opens nothing.
      changes: { accessKeyId: credentials.accessKeyId, expiresAt: credentials.expiresAt.toISOString() },
    });
  });
  return credentials;
}

// AWS answers so many a second for all callers together: one of them must not use that up.
async function countLoan({ quotas, principal }: DomainContext): Promise<void> {
  const waitSeconds = await quotas.loans.take(principal.subject);
  if (waitSeconds !== null) throw rateLimited(waitSeconds, 'AWS credentials: too many for one caller');
}

/** One sentence, whatever is wrong with it; which rule failed is for the log. */
async function assertOwnIdToken({ idTokens, principal }: DomainContext, idToken: string): Promise<void> {
  try {
    await idTokens.verify(idToken, principal);
  } catch (error) {
    if (!(error instanceof InvalidTokenError)) throw error;
    throw badUserInput(NOT_OF_THIS_SIGN_IN, `ID token: ${error.message}`);
  }
}
