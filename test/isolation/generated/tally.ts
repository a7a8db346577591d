import type { CallerKind } from './caller.ts';
import type { Home } from './home.ts';
import type { Path } from './paths.ts';
import { toVariants } from './variants.ts';

/** Counts the cells that were judged, by the type their path ends at. */
export type Tally = {
  readonly count: (path: Path, cells: number) => void;
  readonly due: number;
  readonly done: () => number;
  /** A line for each type, and one for all. */
  readonly print: () => string;
};

export function createTally(paths: readonly Path[], callers: readonly CallerKind[], homes: readonly Home[]): Tally {
  // By path: one that is tried again is counted once.
  const done = new Map<Path, number>();
  const dueOf = (some: readonly Path[]) =>
    some.reduce((sum, path) => sum + toVariants(path).length * callers.length * homes.length, 0);
  const doneOf = (some: readonly Path[]) => some.reduce((sum, path) => sum + (done.get(path) ?? 0), 0);
  const line = (type: string, some: readonly Path[]) =>
    `  ${type.padEnd(24)}${String(some.length).padStart(5)} paths${String(doneOf(some)).padStart(7)} of ${dueOf(some)} cells`;
  return {
    count: (path, cells) => done.set(path, cells),
    due: dueOf(paths),
    done: () => doneOf(paths),
    print: () =>
      [
        `${homes.length} tenants, ${callers.length} callers in each:`,
        ...[...Map.groupBy(paths, ({ end }) => end)].map(([type, some]) => line(type, some)),
        line('all', paths),
      ].join('\n'),
  };
}
