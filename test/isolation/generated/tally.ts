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
  const done = new Map<string, number>();
  const dueOf = (some: readonly Path[]) =>
    some.reduce((sum, path) => sum + toVariants(path).length * callers.length * homes.length, 0);
  const sum = () => [...done.values()].reduce((all, cells) => all + cells, 0);
  const line = (type: string, some: readonly Path[], cells: number) =>
    `  ${type.padEnd(24)}${String(some.length).padStart(5)} paths${String(cells).padStart(7)} of ${dueOf(some)} cells`;
  return {
    count: ({ end }, cells) => done.set(end, (done.get(end) ?? 0) + cells),
    due: dueOf(paths),
    done: sum,
    print: () =>
      [
        `${homes.length} tenants, ${callers.length} callers in each:`,
        ...[...Map.groupBy(paths, ({ end }) => end)].map(([type, some]) => line(type, some, done.get(type) ?? 0)),
        line('all', paths, sum()),
      ].join('\n'),
  };
}
