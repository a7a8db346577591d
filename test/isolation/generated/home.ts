export type Home = 'north' | 'south';

export const HOMES: readonly Home[] = ['north', 'south'];

export function otherThan(home: Home): Home {
  return home === 'north' ? 'south' : 'north';
}

/** A row somewhere in the database, and what gives it away in an answer. */
export type Row = {
  /** Its type in the schema; where it has none, its table. */
  readonly type: string;
  readonly id: string;
  /** The tenants it is within: two for a user of both, none for somebody without any. */
  readonly homes: readonly Home[];
  /** The user whose own it is, as a profile or a place in a tenant; null for every other row. */
  readonly subject: string | null;
  readonly marks: readonly string[];
};

/** A row of one tenant. */
export function toRow(type: string, home: Home, id: string, ...marks: readonly string[]): Row {
  return { type, id, homes: [home], subject: null, marks: [id, ...marks] };
}
