import type { AuthParameters } from '../sign-in.ts';
import type { ClientMetadata } from '../triggers/pre-token-generation.ts';

/** One answer to a challenge. */
export type Answer = {
  readonly clientId: string;
  readonly session: string;
  readonly responses: AuthParameters;
  readonly clientMetadata: ClientMetadata;
};
