import { toEmailDomain } from '../domain/tenant-domain/index.ts';
import { AppError, badUserInput } from '../errors.ts';
import type { TriggerContext } from './context.ts';
import { respond, type TriggerEvent } from './event.ts';
import { isListed } from './is-listed.ts';
import { isAwaited } from './joining.ts';

/**
 * Decides who may sign up: addresses of the domains that are allowed, an invited address with its invitation, and those of a
 * domain by which a tenant lets people join. Users made by an administrator pass: somebody has decided already. Only a
 * self-made sign-up is ever confirmed without a code; Cognito ignores the answer for the others.
 */
export async function preSignUp(ctx: TriggerContext, event: TriggerEvent): Promise<TriggerEvent> {
  if (event.triggerSource === 'PreSignUp_AdminCreateUser') return event;
  const { settings } = ctx;
  const email = event.request.userAttributes?.['email'] ?? '';
  const domain = toEmailDomain(email);
  if (domain === null) throw badUserInput('Sign-up needs an e-mail address.');
  if (!isListed(settings.allowedDomains, domain) && !(await isAwaited(ctx, event, email))) {
    throw new AppError('FORBIDDEN', `Sign-up is not open to addresses at ${domain}.`);
  }
  const isConfirmed = event.triggerSource === 'PreSignUp_SignUp' && isListed(settings.autoConfirmDomains, domain);
  return isConfirmed ? respond(event, { autoConfirmUser: true, autoVerifyEmail: true }) : event;
}
