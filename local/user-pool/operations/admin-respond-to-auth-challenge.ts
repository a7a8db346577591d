import { z } from 'zod';
import { ChallengeResponse, respond } from '../challenges/respond.ts';
import { assertPublic, getClient } from '../clients.ts';
import { adminOperation } from '../operation.ts';

const Input = z.object({ ...ChallengeResponse, UserPoolId: z.string() });

export const adminRespondToAuthChallenge = adminOperation(Input, (pool, input) => {
  const client = getClient(pool, input.ClientId);
  assertPublic(client);
  return respond(pool, client, input);
});
