import { z } from 'zod';
import { type PoolProfile, toPoolProfile } from '../domain/user/index.ts';
import { badUserInput } from '../errors.ts';

const MAX_REASON_LENGTH = 200;
const attributes = z.record(z.string(), z.string());

/**
 * What every Cognito trigger sends; a trigger's own parts are read by its own file. Unknown members are kept: the event
 * goes back as it came, with `response` filled.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 */
const TriggerEvent = z.looseObject({
  version: z.string(),
  triggerSource: z.string(),
  userPoolId: z.string(),
  // Neither has an event about a machine, which is no user.
  userName: z.string().min(1).max(256).nullish(),
  callerContext: z.looseObject({ clientId: z.string().max(128) }),
  request: z.looseObject({ userAttributes: attributes.nullish(), clientMetadata: attributes.nullish() }),
  response: z.looseObject({}).nullish(),
});

export type TriggerEvent = z.output<typeof TriggerEvent>;

/** Throws BAD_USER_INPUT for anything that is not a trigger event. */
export function parseTriggerEvent(raw: unknown): TriggerEvent {
  const result = TriggerEvent.safeParse(raw);
  if (result.success) return result.data;
  // The first of them: a hostile event has as many as it likes.
  const [issue] = result.error.issues;
  const reason = `${issue?.path.join('.')}: ${issue?.message}`.slice(0, MAX_REASON_LENGTH);
  throw badUserInput('This is not a Cognito trigger event.', reason);
}

/** The user an event is about. Throws BAD_USER_INPUT when it does not say by a `sub`, as events before sign-up do not. */
export function toEventProfile({ userPoolId, userName, request }: TriggerEvent): PoolProfile {
  const attributes = request.userAttributes ?? {};
  if (userName == null || !z.guid().safeParse(attributes['sub']).success)
    throw badUserInput('The event names no user.');
  return toPoolProfile(userPoolId, { username: userName, attributes });
}

/** The event as it came, with these members in its response. */
export function respond(event: TriggerEvent, response: Readonly<Record<string, unknown>>): TriggerEvent {
  return { ...event, response: { ...event.response, ...response } };
}
