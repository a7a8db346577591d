import { z } from 'zod';
import { invalidParameter } from './errors.ts';
import type { Pool } from './pool.ts';
import type { User } from './state/state.ts';
import { updateUser } from './users.ts';

const Settings = z.object({ Enabled: z.boolean().default(false), PreferredMfa: z.boolean().default(false) });

/** What SetUserMFAPreference and AdminSetUserMFAPreference both take. */
export const MfaPreference = {
  SoftwareTokenMfaSettings: Settings.optional(),
  SMSMfaSettings: Settings.optional(),
  EmailMfaSettings: Settings.optional(),
};

const Preference = z.object(MfaPreference);

/** Throws InvalidParameterException for a factor the user has not, and so for all but an authenticator app. */
export function setMfaPreference(pool: Pool, user: User, input: z.output<typeof Preference>): object {
  const { SoftwareTokenMfaSettings: settings, SMSMfaSettings: sms, EmailMfaSettings: email } = input;
  if (sms?.Enabled) throw invalidParameter('User does not have delivery config set to turn on SMS_MFA');
  if (email?.Enabled) throw invalidParameter('User does not have delivery config set to turn on EMAIL_OTP');
  if (!settings) return {};
  const { totp } = user;
  if (settings.Enabled && !totp?.isVerified) throw invalidParameter('User has not set up software token mfa');
  if (settings.PreferredMfa && !settings.Enabled) throw invalidParameter('A preferred factor must be enabled.');
  if (totp) {
    const choice = { isEnabled: settings.Enabled, isPreferred: settings.PreferredMfa };
    updateUser(pool, user.sub, { totp: { ...totp, ...choice } });
  }
  return {};
}
