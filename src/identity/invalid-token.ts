import type { z } from 'zod';

/** Not a credential. `message` names the rule that failed, for the log alone, and never what the token says. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** `value` in the form of `schema`. Throws InvalidTokenError with the place, which begins with `part`, and the rule. */
export function readAs<Schema extends z.ZodType>(schema: Schema, part: string, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Zod's own messages quote the keys it does not know. A path holds names of the schema and positions in lists alone.
  const rules = result.error.issues.map(({ path, code }) => `${[part, ...path].join('.')}: ${code}`);
  throw new InvalidTokenError(rules.join('; '));
}
