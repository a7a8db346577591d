import { describe, expect, it } from 'vitest';
import { type Import, importsOf } from './imports.ts';
import { listFiles } from './tree.ts';

const LADDER = [
  ['main', 'index'],
  ['process'],
  ['app'],
  ['config'],
  ['modules'],
  ['http'],
  ['graphql', 'triggers', 'sessions', 'jobs'],
  ['domain'],
  ['store', 'mail'],
  ['generated/prisma'],
  ['access'],
  ['identity', 'user-pool', 'identity-pool'],
  ['errors'],
  ['observability'],
];

/** What a file belongs to: its folder or own name. The resolver types are made from graphql's own and are part of it. */
function toPart(path: string): string {
  const [, first = '', second = ''] = path.replace(/\.ts$/, '').split('/');
  if (first !== 'generated') return first;
  return second === 'resolvers' ? 'graphql' : `generated/${second}`;
}

const rungOf = (part: string) => LADDER.findIndex((rung) => rung.includes(part));
const toNoun = (path: string) => /^src\/domain\/[^/]+\//.exec(path)?.[0] ?? null;

const isOutOfSrc = ({ to }: Import) => !to.startsWith('src/');
const isUpward = ({ from, to }: Import) => toPart(from) !== toPart(to) && rungOf(toPart(from)) >= rungOf(toPart(to));
const isConfigTaken = ({ from, to }: Import) =>
  to === 'src/config.ts' && !['main', 'process', 'app'].includes(toPart(from));
const isClientRun = ({ from, to, isTypeOnly }: Import) =>
  to === 'src/generated/prisma/client.ts' && !isTypeOnly && toPart(from) !== 'store';
const isSideDoor = ({ from, to }: Import) => {
  const noun = toNoun(to);
  return noun !== null && !from.startsWith(noun) && to !== `${noun}index.ts`;
};

const source = listFiles('src/**/*.ts');
const imports = source.flatMap(importsOf).filter(({ isPackage }) => !isPackage);
const outside = listFiles('{cli,local}/**/*.ts').flatMap(importsOf);
const select = (list: readonly Import[], isBad: (edge: Import) => boolean) =>
  list.filter(isBad).map(({ from, to }) => `${from} -> ${to}`);

describe('the imports of src', () => {
  it('are found', () => {
    expect(imports.length).toBeGreaterThan(source.length);
  });

  it('come from a known rung of the ladder', () => {
    expect(source.map(({ path }) => path).filter((path) => rungOf(toPart(path)) === -1)).toEqual([]);
  });

  it('stay in src', () => {
    expect(select(imports, isOutOfSrc)).toEqual([]);
  });

  it('run down the ladder, never up and never aside', () => {
    expect(select(imports, isUpward)).toEqual([]);
  });

  it('take the configuration in main, process and app alone', () => {
    expect(select(imports, isConfigTaken)).toEqual([]);
  });

  it('run the Prisma client in the store alone', () => {
    expect(select(imports, isClientRun)).toEqual([]);
  });

  it('enter a noun of the domain by its index', () => {
    expect(select([...imports, ...outside], isSideDoor)).toEqual([]);
  });
});

describe('the ladder', () => {
  const edge = (from: string, to: string): Import => ({ from, to, isPackage: false, isTypeOnly: true });

  it.each([
    ['an import upward', edge('src/domain/parse.ts', 'src/graphql/context.ts'), isUpward],
    ['an import aside', edge('src/triggers/event.ts', 'src/jobs/refresh-clients.ts'), isUpward],
    ['an import of an unknown part', edge('src/app.ts', 'src/utils/text.ts'), isUpward],
    ['resolver types below graphql', edge('src/domain/parse.ts', 'src/generated/resolvers.ts'), isUpward],
    ['a stand-in', edge('src/app.ts', 'local/main.ts'), isOutOfSrc],
    ['the configuration further down', edge('src/store/database.ts', 'src/config.ts'), isConfigTaken],
    ['a noun by a side door', edge('src/triggers/event.ts', 'src/domain/user/user.ts'), isSideDoor],
  ])('finds %s, were it a type only', (_what, planted, isBad) => {
    expect(isBad(planted)).toBe(true);
  });
});
