import { z } from 'zod';
import { CognitoError } from '../errors.ts';
import { adminOperation } from '../operation.ts';
import { toGroupType } from '../user-views.ts';

const Input = z.object({
  UserPoolId: z.string(),
  GroupName: z.string().regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u),
  Description: z.string().max(2048).optional(),
  Precedence: z.int().min(0).optional(),
});

export const createGroup = adminOperation(Input, (pool, { GroupName: name, Description, Precedence }) => {
  if (pool.state.groups.has(name)) {
    throw new CognitoError('GroupExistsException', 'A group with the name already exists.');
  }
  const createdAt = pool.clock().toISOString();
  const group = { name, description: Description, precedence: Precedence, createdAt };
  pool.state.groups.set(name, group);
  return { Group: toGroupType(group) };
});
