import { join, posix } from 'node:path';
import type { SourceFile } from './tree.ts';

export type Import = {
  readonly from: string;
  /** A path in the project, or what is installed under that name. */
  readonly to: string;
  readonly isPackage: boolean;
  /** `import type`: gone when the program runs. */
  readonly isTypeOnly: boolean;
};

const STATIC = /^(?:import|export)\s+(type\s)?[\w\s{},*$]*?(?:from\s+)?(['"])([^'"]+)\2/gm;
const DYNAMIC = /\b(?:import|require\.resolve)\((['"])([^'"]+)\1\)/g;

/** Everything a file imports or exports on, lazily and as a type too. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const found = [
    ...[...text.matchAll(STATIC)].map(([, type, , to = '']) => ({ to, isTypeOnly: type !== undefined })),
    ...[...text.matchAll(DYNAMIC)].map(([, , to = '']) => ({ to, isTypeOnly: false })),
  ];
  return found.map(({ to, isTypeOnly }) => {
    const isPackage = !to.startsWith('.');
    return { from: path, to: isPackage ? to : join(posix.dirname(path), to), isPackage, isTypeOnly };
  });
}
