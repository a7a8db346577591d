import { z } from 'zod';
import { badUserInput, notFound } from '../errors.ts';

/** Input that fits its schema. Throws BAD_USER_INPUT with one sentence a field: schemas carry messages meant for people. */
export function parse<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  throw badUserInput(result.error.issues.map((issue) => issue.message).join(' '));
}

/** True for what could be the id of a row. Anything else is no row's id, which is all a caller learns. */
export function isRowId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}

/** The id of a row in an input. What cannot be one throws NOT_FOUND, as an id does that no row has. */
export const RowId = z.string().transform((id) => {
  if (!isRowId(id)) throw notFound('not an id');
  return id;
});
