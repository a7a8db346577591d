import type { Finding } from '../../src/jobs/reconcile.ts';

/** How many there were of each difference, by what became of them. */
export type Tally = Record<string, number>;

const SENTENCES: Readonly<Record<Finding['difference'], string>> = {
  PROFILE_MISSING: 'signed up at the pool, and has no profile',
  CONFIRMATION_LOST: 'finished signing up, and was not given the default group',
  USER_GONE: 'has a profile, and is not at the pool',
  DELETION_LOST: 'deleted the account, and is still at the pool',
  EMAIL_CHANGED: 'has another e-mail address at the pool',
  GROUP_LOST: 'is not in the default group any more',
  STANDING_DIFFERS: 'is kept out by one of the two alone',
  CLIENT_LEFT: 'is a machine client of the pool that is not registered',
  CLIENT_GONE: 'is a registered machine client, and is not at the pool',
};
const STATES: Readonly<Record<Finding['state'], string>> = {
  FOUND: '',
  REPAIRED: ': repaired',
  KEPT: ': left as it is, for a person to decide (the only owner of a tenant, or changed meanwhile)',
};

export function toLine({ id, difference, state }: Finding): string {
  return `${id} ${SENTENCES[difference]}${STATES[state]}`;
}

export function count(tally: Tally, { difference, state }: Finding): void {
  const key = `${difference} ${state}`;
  tally[key] = (tally[key] ?? 0) + 1;
}

/** What is left to be repaired. */
export function countLeft(tally: Tally): number {
  const left = Object.entries(tally).filter(([key]) => !key.endsWith(' REPAIRED'));
  return left.reduce((sum, [, number]) => sum + number, 0);
}

export function toSummary(users: number, tally: Tally): string {
  const lines = Object.entries(tally)
    .sort()
    .map(([key, number]) => `  ${key}: ${number}`);
  const end = countLeft(tally) === 0 ? 'Pool and database are in step.' : 'What is not repaired: run it with --apply.';
  return [`${users} users compared.`, ...lines, end].join('\n');
}
