import { z } from 'zod';
import { invalidParameter } from '../errors.ts';
import { adminOperation } from '../operation.ts';
import { toMfaConfig } from '../user-views.ts';

const Input = z.object({
  UserPoolId: z.string(),
  MfaConfiguration: z.enum(['OFF', 'OPTIONAL', 'ON']).default('OFF'),
  SoftwareTokenMfaConfiguration: z.object({ Enabled: z.boolean().default(false) }).optional(),
});

/** Throws InvalidParameterException where codes are wanted and the one factor that gives them is off. */
export const setUserPoolMfaConfig = adminOperation(Input, ({ state }, input) => {
  const { MfaConfiguration: mfa, SoftwareTokenMfaConfiguration: factor } = input;
  if (mfa !== 'OFF' && factor?.Enabled === false) throw invalidParameter('Invalid MFA configuration given.');
  state.mfa = mfa;
  return toMfaConfig(mfa);
});
