import { z } from 'zod';
import type { Attributes } from '../attributes.ts';
import type { Pool } from '../pool.ts';
import type { User } from '../state/state.ts';
import { toEventAttributes } from '../user-views.ts';
import { invokeTrigger } from './invoke.ts';

export type PostConfirmationInput = {
  readonly source: 'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword';
  /** Null where an administrator confirms. */
  readonly clientId: string | null;
  readonly clientMetadata?: Attributes | undefined;
};

/** Tells that a user is confirmed. Its failure is the caller's to see, and undoes nothing. */
export async function postConfirmation(pool: Pool, user: User, input: PostConfirmationInput): Promise<void> {
  const event = {
    name: 'PostConfirmation',
    source: input.source,
    version: '1',
    userName: user.sub,
    clientId: input.clientId,
    request: { userAttributes: toEventAttributes(user), clientMetadata: input.clientMetadata },
    response: {},
  } as const;
  await invokeTrigger(pool, event, z.looseObject({}));
}
