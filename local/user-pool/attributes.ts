import { z } from 'zod';
import { LOCAL_POOL } from './constants.ts';
import { invalidParameter, notAuthorized } from './errors.ts';

export const AttributeList = z.array(z.object({ Name: z.string(), Value: z.string().default('') }));
export const StringMap = z.record(z.string(), z.string());

export type Attributes = Readonly<Record<string, string>>;

const Email = z.email();

export function isEmail(text: string): boolean {
  return Email.safeParse(text).success;
}

/** Attributes a user sets himself. Throws NotAuthorizedException for one the app client may not write. */
export function toOwnAttributes(list: z.infer<typeof AttributeList>): Attributes {
  const writable: readonly string[] = LOCAL_POOL.writeAttributes;
  if (list.some(({ Name }) => !writable.includes(Name))) {
    throw notAuthorized('A client attempted to write unauthorized attribute');
  }
  return toAttributes(list);
}

/** Attributes an administrator sets. Throws InvalidParameterException for one that the pool's schema lacks. */
export function toAttributes(list: z.infer<typeof AttributeList>): Attributes {
  const schema: readonly string[] = LOCAL_POOL.attributes;
  for (const { Name, Value } of list) {
    if (!schema.includes(Name)) {
      throw invalidParameter(
        `Attributes did not conform to the schema: ${Name}: Attribute does not exist in the schema.\n`,
      );
    }
    if (Name === 'email' && !isEmail(Value)) throw invalidParameter('Invalid email address format.');
  }
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

export function toAttributeList(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}
