import { z } from 'zod';
import { adminOperation } from '../operation.ts';
import { toUserDetails } from '../user-views.ts';
import { getUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string() });

export const adminGetUser = adminOperation(Input, (pool, { Username }) => toUserDetails(getUser(pool, Username)));
