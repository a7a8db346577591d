import { z } from 'zod';
import type { Attributes } from '../attributes.ts';
import type { Pool } from '../pool.ts';
import { invokeTrigger } from './invoke.ts';

const Answer = z.object({
  autoConfirmUser: z.boolean().default(false),
  autoVerifyEmail: z.boolean().default(false),
});

export type PreSignUpInput = {
  readonly source: 'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser';
  readonly userName: string;
  /** Null for an administrator. */
  readonly clientId: string | null;
  /** Without `sub`: nobody has been created yet. */
  readonly attributes: Attributes;
  readonly validationData: Attributes | null;
  readonly clientMetadata?: Attributes | undefined;
};

/** Asks whether this user may come to be. Throws what the trigger answers, and then nobody is created. */
export function preSignUp(pool: Pool, input: PreSignUpInput): Promise<z.infer<typeof Answer>> {
  const { source, userName, clientId, attributes: userAttributes, validationData, clientMetadata } = input;
  const event = {
    name: 'PreSignUp',
    source,
    version: '1',
    userName,
    clientId,
    request: { userAttributes, validationData, clientMetadata },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  } as const;
  return invokeTrigger(pool, event, Answer);
}
