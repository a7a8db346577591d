import { invalidParameter } from './errors.ts';
import type { User } from './state/state.ts';

const FORM = /^\s*"?(?<name>[\w:]+)"?\s*(?<operator>\^?=)\s*"(?<value>(?:[^"\\]|\\.)*)"\s*$/u;

const READERS: ReadonlyMap<string, (user: User) => string> = new Map([
  ['email', (user: User) => user.attributes['email'] ?? ''],
  ['sub', (user: User) => user.sub],
  ['username', (user: User) => user.sub],
]);

/** A ListUsers filter: `name = "value"`, or `^=` for a beginning. E-mail addresses match in any case of letters. */
export function toUserFilter(filter: string): (user: User) => boolean {
  if (filter.trim() === '') return () => true;
  const { name = '', operator, value = '' } = FORM.exec(filter)?.groups ?? {};
  if (operator === undefined) throw invalidParameter('Error while parsing filter, please check the syntax.');
  const read = READERS.get(name);
  if (!read) throw invalidParameter(`Invalid search attribute: ${name}`);
  const wanted = value.replaceAll(/\\(.)/gu, '$1').toLowerCase();
  return (user) => {
    const found = read(user).toLowerCase();
    return operator === '=' ? found === wanted : found.startsWith(wanted);
  };
}
