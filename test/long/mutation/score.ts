import type { Mutant } from './mutate.ts';

export type Score = {
  readonly noticed: number;
  readonly total: number;
  /** Of 100. Where nothing could be changed, nothing went unnoticed. */
  readonly percent: number;
};

// What cannot run at all, and what Stryker was told to leave out in the code itself, says nothing of the tests.
const COUNTED = ['Killed', 'Timeout', 'Survived', 'NoCoverage'];
const NOTICED = ['Killed', 'Timeout'];

export function toScore(mutants: readonly Mutant[]): Score {
  const total = mutants.filter(({ status }) => COUNTED.includes(status)).length;
  const noticed = mutants.filter(({ status }) => NOTICED.includes(status)).length;
  return { noticed, total, percent: total === 0 ? 100 : (100 * noticed) / total };
}

/** A line for each file, and below it each change that no test noticed. */
export function printScores(mutants: readonly Mutant[]): string {
  const byFile = Map.groupBy(mutants, ({ fileName }) => fileName);
  return [...byFile].flatMap(([file, ofFile]) => [printScore(file, ofFile), ...printUnnoticed(ofFile)]).join('\n');
}

function printScore(name: string, mutants: readonly Mutant[]): string {
  const { noticed, total, percent } = toScore(mutants);
  const timeouts = mutants.filter(({ status }) => status === 'Timeout').length;
  return `${percent.toFixed(1).padStart(5)} % ${name}: ${noticed} of ${total}, ${timeouts} of them by a timeout`;
}

function printUnnoticed(mutants: readonly Mutant[]): readonly string[] {
  return mutants
    .filter(({ status }) => COUNTED.includes(status) && !NOTICED.includes(status))
    .map(({ location: { start }, mutatorName, replacement }) => {
      const [line = ''] = replacement.split('\n');
      return `        ${start.line}:${start.column} ${mutatorName}: ${line}`;
    });
}
