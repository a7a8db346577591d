import { z } from 'zod';
import { AttributeList, toAttributes } from '../attributes.ts';
import { adminOperation } from '../operation.ts';
import { changeAttributes, getUser } from '../users.ts';

const Input = z.object({ UserPoolId: z.string(), Username: z.string(), UserAttributes: AttributeList.min(1) });

export const adminUpdateUserAttributes = adminOperation(Input, (pool, { Username, UserAttributes }) => {
  changeAttributes(pool, getUser(pool, Username), toAttributes(UserAttributes));
  return {};
});
