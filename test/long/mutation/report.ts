import { writeFile } from 'node:fs/promises';
import type { Mutant } from './mutate.ts';

/**
 * Writes every change and its status as JSON: one to a line and in the order of the code, so that `diff` shows what
 * differs between two runs.
 */
export async function writeReport(path: string, mutants: readonly Mutant[]): Promise<void> {
  const lines = mutants.toSorted(inOrderOfCode).map((mutant) => {
    const { fileName: file, location, mutatorName: mutator, replacement, status } = mutant;
    return JSON.stringify({ file, location, mutator, replacement, status });
  });
  await writeFile(path, `[\n${lines.join(',\n')}\n]\n`);
}

function inOrderOfCode(one: Mutant, other: Mutant): number {
  const [a, b] = [one.location, other.location];
  return (
    compareText(one.fileName, other.fileName) ||
    a.start.line - b.start.line ||
    a.start.column - b.start.column ||
    a.end.line - b.end.line ||
    a.end.column - b.end.column ||
    compareText(one.mutatorName, other.mutatorName) ||
    compareText(one.replacement, other.replacement)
  );
}

// The same on every machine, whatever its language.
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
