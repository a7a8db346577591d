import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { toMfaConfig } from '../user-views.ts';

const Input = z.object({ UserPoolId: z.string() });

export const getUserPoolMfaConfig = adminOperation(Input, ({ state }) => toMfaConfig(state.mfa));
