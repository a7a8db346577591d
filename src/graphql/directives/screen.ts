import type { AppError } from '../../errors.ts';

/**
 * Puts every row of an answer before `findError`, through promises and lists. An error takes the place of the row it
 * is about: graphql-js answers an Error in a list with null and that error at its position, and leaves the others.
 */
export function screen(answer: unknown, listDepth: number, findError: (row: unknown) => AppError | null): unknown {
  if (answer === null || answer === undefined || answer instanceof Error) return answer;
  // By a promise of our own: the `then` of a thenable may well hand on something else than what its callback returns.
  if (isPromiseLike(answer)) return Promise.resolve(answer).then((settled) => screen(settled, listDepth, findError));
  if (listDepth > 0 && isIterable(answer)) return Array.from(answer, (item) => screen(item, listDepth - 1, findError));
  // What is no list where one is due is judged as a row, so that nothing an executor takes for a list goes unseen.
  return findError(answer) ?? answer;
}

/** As graphql-js tells a promise; were this any narrower, it would await what nobody screened. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  const mayHaveThen = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return mayHaveThen && 'then' in value && typeof value.then === 'function';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
