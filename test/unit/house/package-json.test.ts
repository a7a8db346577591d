import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';
import { listFiles, readFile } from './tree.ts';

/** Declared and never imported, each for its reason. */
const TOOLS: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'run by cli/check.ts',
  '@graphql-codegen/schema-ast': 'named in codegen.ts',
  '@graphql-codegen/typescript': 'named in codegen.ts',
  '@graphql-codegen/typescript-resolvers': 'named in codegen.ts',
  '@stryker-mutator/vitest-runner': 'named in test/long/mutation/mutate.ts',
  '@types/node': 'read by tsc',
  '@types/nodemailer': 'read by tsc',
  '@types/pg': 'read by tsc',
  '@types/smtp-server': 'read by tsc',
  node: 'first on the PATH of every npm script',
  typescript: 'run by cli/check.ts',
};

type Manifest = Readonly<
  Record<'dependencies' | 'devDependencies' | 'allowScripts', Readonly<Record<string, unknown>>>
>;

const { dependencies, devDependencies, allowScripts }: Manifest = JSON.parse(readFile('package.json'));
const declared = [...Object.keys(dependencies), ...Object.keys(devDependencies)].sort();

const toPackage = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const packagesIn = (...patterns: string[]) => {
  const imported = listFiles(...patterns).flatMap(importsOf);
  const names = imported.flatMap(({ to, isPackage }) => (isPackage && !to.startsWith('node:') ? [toPackage(to)] : []));
  return [...new Set(names)].sort();
};
const everywhere = packagesIn('{src,cli,local,test}/**/*.ts', '*.{ts,js}');

describe('package.json', () => {
  it('declares every package that is imported', () => {
    expect(everywhere.filter((name) => !declared.includes(name))).toEqual([]);
  });

  it('declares nothing that nobody uses', () => {
    // What Prisma generates is not in the tree, and imports the client's runtime.
    expect(declared.filter((name) => !everywhere.includes(name) && name !== '@prisma/client')).toEqual(
      Object.keys(TOOLS),
    );
  });

  it('brings all that the server imports without devDependencies', () => {
    expect(packagesIn('src/**/*.ts').filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('pins Node to the major that run.js wants, and lets it install', () => {
    const [, wanted] = /WANTED = (\d+)/.exec(readFile('run.js')) ?? [];
    expect(devDependencies['node']).toMatch(new RegExp(`^\\^${wanted}\\.`));
    expect(allowScripts['node']).toBe(true);
  });

  it('is written for imports of Node by their scheme', () => {
    expect(everywhere.filter((name) => builtinModules.includes(name))).toEqual([]);
  });
});
