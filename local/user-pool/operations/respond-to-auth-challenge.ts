import { z } from 'zod';
import { ChallengeResponse, respond } from '../challenges/respond.ts';
import { clientOperation } from '../operation.ts';

const Input = z.object(ChallengeResponse);

export const respondToAuthChallenge = clientOperation(Input, (pool, input, client) => respond(pool, client, input));
