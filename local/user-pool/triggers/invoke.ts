import { z } from 'zod';
import { LOCAL_POOL } from '../constants.ts';
import { CognitoError } from '../errors.ts';
import type { Pool } from '../pool.ts';
import type { TriggerName } from './call-trigger.ts';

export type TriggerInput = {
  readonly name: TriggerName;
  readonly source: string;
  readonly version: '1' | '3';
  /** Left out for a machine, which is no user. */
  readonly userName?: string;
  /** Null for an operation that names no app client: Cognito then says so in the event. */
  readonly clientId: string | null;
  readonly request: object;
  readonly response: object;
};

/** Sends one event and reads the answer's `response`. Throws InvalidLambdaResponseException when it does not fit. */
export async function invokeTrigger<Answer>(
  pool: Pool,
  input: TriggerInput,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const event = toEvent(input);
  const returned = pool.trigger === null ? event : await pool.trigger(input.name, event);
  const parsed = z.object({ response: answer }).safeParse(returned);
  if (!parsed.success) throw new CognitoError('InvalidLambdaResponseException', 'Unrecognizable lambda output');
  return parsed.data.response;
}

function toEvent({ source, version, userName, clientId, request, response }: TriggerInput) {
  return {
    version,
    triggerSource: source,
    region: LOCAL_POOL.region,
    userPoolId: LOCAL_POOL.poolId,
    userName,
    callerContext: {
      awsSdkVersion: 'aws-sdk-unknown-unknown',
      clientId: clientId ?? 'CLIENT_ID_NOT_APPLICABLE',
    },
    request,
    response,
  };
}
