import { AppError } from '../../errors.ts';
import type { Limits } from '../limits.ts';
import type { Measures } from './measure.ts';

/** Selections of one document, fragments unfolded: bounds the time that measuring it takes. */
export const MAX_SELECTIONS = 5_000;
// graphql-js compares what is merged, and the fragments of a level, each with each: time grows with the square of both.
const MAX_REPEATS = 20;
export const MAX_FRAGMENTS = 40;
/** Fragments within fragments on one level. graphql-js follows them by recursion. */
export const MAX_FRAGMENT_NESTING = 20;
export const MAX_DIRECTIVES = 50;
export const MAX_DIRECTIVES_AT_ONCE = 4;
// The standard query, every option on, has 229 fields and 3 lists within each other.
const MAX_INTROSPECTION_FIELDS = 300;
const MAX_INTROSPECTION_LISTS = 3;

/** A refusal of the whole document, before anything of it runs. */
export function limitExceeded(message: string): AppError {
  return new AppError('OPERATION_LIMIT_EXCEEDED', message);
}

/** Throws OPERATION_LIMIT_EXCEEDED naming the first limit exceeded and its bound; of the cost it says nothing. */
export function assertShape(measures: Measures, limits: Limits): void {
  const { depth, aliases, rootFields, repeats, introspection, introspectionLists } = measures;
  const bounds: readonly (readonly [measure: number, bound: number, sentence: string])[] = [
    [depth, limits.depth, `The operation is nested ${depth} deep; at most ${limits.depth} is allowed.`],
    [
      rootFields,
      limits.rootFields,
      `The operation has ${rootFields} root fields; at most ${limits.rootFields} are allowed.`,
    ],
    [aliases, limits.aliases, `The operation has ${aliases} aliases; at most ${limits.aliases} are allowed.`],
    [repeats, MAX_REPEATS, `The operation selects one field ${repeats} times; at most ${MAX_REPEATS} are allowed.`],
    [
      introspection,
      MAX_INTROSPECTION_FIELDS,
      `The operation has ${introspection} fields of introspection; at most ${MAX_INTROSPECTION_FIELDS} are allowed.`,
    ],
    [
      introspectionLists,
      MAX_INTROSPECTION_LISTS,
      `Introspection is nested ${introspectionLists} lists deep; at most ${MAX_INTROSPECTION_LISTS} is allowed.`,
    ],
  ];
  const exceeded = bounds.find(([measure, bound]) => measure > bound);
  if (exceeded) throw limitExceeded(exceeded[2]);
}

export function assertCost(cost: number, limits: Limits): void {
  if (cost > limits.cost) throw limitExceeded(`The operation costs ${cost}; at most ${limits.cost} is allowed.`);
}
