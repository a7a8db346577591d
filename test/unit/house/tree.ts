import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const NOT_OURS = ['**/node_modules', '.git', '.local', 'src/generated'];

export type SourceFile = {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
};

/** The text of one file of the project. */
export function readFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The project's own files that fit the patterns: nothing installed, nothing generated. */
export function listFiles(...patterns: readonly string[]): readonly SourceFile[] {
  const entries = globSync(patterns, { cwd: ROOT, exclude: NOT_OURS, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort()
    .map((path) => ({ path, text: readFile(path) }));
}
