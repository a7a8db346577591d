import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { isIgnored, readStages, type Stage, toExecForm } from './container-stages.ts';
import { importsOf } from './imports.ts';
import { isHealthOf, runHealthCheck } from './run-health-check.ts';
import { readFile } from './tree.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DOCKERFILE = readFile('Dockerfile');
const IGNORED = readFile('.dockerignore');
const MANIFEST = JSON.parse(readFile('package.json'));
const { PORT } = readConfig({});
const SERVER = 'src/main.ts';
const ENTRIES = [SERVER, 'cli/migrate.ts'];
const LABEL = 'org.opencontainers.image.';
const SECRET = /SECRET|PASSWORD|TOKEN|CREDENTIAL|_KEY\b|whsec_|:\/\/\S+:\S+@/i;

const all = (stages: readonly Stage[], keyword: string) =>
  stages.flatMap(({ steps }) => steps.filter((step) => step.keyword === keyword));
const kept = (stages: readonly Stage[]) => stages.slice(-1);
const textOf = (stages: readonly Stage[], keyword: string) => all(kept(stages), keyword).at(-1)?.text ?? '';
const settingOf = (stages: readonly Stage[], keyword: string, name: string) =>
  all(kept(stages), keyword).findLast(({ properties }) => name in properties)?.properties[name] ?? null;
const sourcesOf = (stages: readonly Stage[]) =>
  all(stages, 'COPY').flatMap(({ source, args }) => (source === null ? args.slice(0, -1) : []));

/** Every file of ours an entry point loads, itself included. */
function reachOf(entry: string, reached = new Set<string>()): ReadonlySet<string> {
  reached.add(entry);
  for (const { to, isPackage, isTypeOnly } of importsOf({ path: entry, text: readFile(entry) })) {
    if (!isPackage && !isTypeOnly && !reached.has(to)) reachOf(to, reached);
  }
  return reached;
}

function isKept(stages: readonly Stage[], path: string): boolean {
  return all(kept(stages), 'COPY').some(({ args }) =>
    args.slice(0, -1).some((source) => `${path}/`.startsWith(`${source.replace('/app/', '')}/`)),
  );
}

function installs(stages: readonly Stage[]) {
  return all(stages, 'RUN')
    .map(({ args }) => args.join(' '))
    .filter((command) => /\b(npm|npx|yarn|pnpm)\b/.test(command));
}

function modulesStage(stages: readonly Stage[]) {
  const source = all(kept(stages), 'COPY').find(({ args }) => args.at(-1) === 'node_modules')?.source;
  return stages.filter(({ name }) => name !== null && name === source);
}

async function isAskedWhetherItLives(stages: readonly Stage[]): Promise<boolean> {
  const command = toExecForm(textOf(stages, 'HEALTHCHECK').replace(/^CMD /, ''));
  if (command === null) return false;
  const isDefault = await isHealthOf('/livez', command, { port: PORT, environment: {} });
  const another = { port: 5000, environment: { PORT: '5000' } };
  return isDefault && (await runHealthCheck(command, another, { path: '/livez', status: 200 })) === 0;
}

type Check = readonly [
  promise: string,
  isHeld: (stages: readonly Stage[]) => boolean | Promise<boolean>,
  right: string,
  wrong: string,
];

// Each promise, and a change of one place that would break it.
const CHECKS: readonly Check[] = [
  [
    'stands on the Node that package.json pins, in every stage',
    (stages) => {
      const image = `node:${MANIFEST.devDependencies.node.replace(/^\^(\d+\.\d+)\..*/, '$1')}-slim`;
      const names = stages.map(({ name }) => name);
      return stages.every((stage) => stage.image === image || names.includes(stage.image));
    },
    'FROM node:24.21-slim\n',
    'FROM node:22-slim\n',
  ],
  [
    'runs as nobody with rights, by number',
    (stages) => /^[1-9]\d*:[1-9]\d*$/.test(textOf(stages, 'USER')),
    'USER 1000',
    'USER 0',
  ],
  [
    'runs Node as its first process, which signals reach',
    (stages) =>
      toExecForm(textOf(stages, 'CMD'))?.join() === ['node', SERVER].join() &&
      all(kept(stages), 'ENTRYPOINT').length === 0,
    'CMD ["node", "src/main.ts"]',
    'CMD node src/main.ts',
  ],
  ['is asked whether it lives', isAskedWhetherItLives, '/livez', '/'],
  ['tells its port', (stages) => textOf(stages, 'EXPOSE') === String(PORT), 'EXPOSE 4000', 'EXPOSE 80'],
  [
    'says what it is, by the names of the Open Container Initiative',
    (stages) =>
      settingOf(stages, 'LABEL', `${LABEL}title`)?.toLowerCase() === MANIFEST.name &&
      settingOf(stages, 'LABEL', `${LABEL}licenses`) === MANIFEST.license &&
      Boolean(settingOf(stages, 'LABEL', `${LABEL}description`)),
    'image.licenses',
    'image.license',
  ],
  [
    'runs for production',
    (stages) => settingOf(stages, 'ENV', 'NODE_ENV') === 'production',
    'ENV NODE_ENV=production',
    '',
  ],
  [
    'installs what the lockfile says, and runs no script of a package',
    (stages) =>
      installs(stages).length > 0 && installs(stages).every((command) => /^npm ci .*--ignore-scripts/.test(command)),
    'npm ci --ignore-scripts',
    'npm install',
  ],
  [
    'keeps packages without the tools',
    (stages) => installs(modulesStage(stages)).some((command) => command.includes('--omit=dev')),
    '--omit=dev ',
    '',
  ],
  [
    'copies what exists',
    (stages) => sourcesOf(stages).every((path) => existsSync(join(ROOT, path))),
    'COPY schema',
    'COPY sdl',
  ],
  [
    'copies nothing that is kept out of the build',
    (stages) => sourcesOf(stages).every((path) => !isIgnored(IGNORED, path)),
    'COPY schema',
    'COPY .env',
  ],
  [
    'keeps every file its commands load',
    (stages) => ENTRIES.flatMap((entry) => [...reachOf(entry)]).every((path) => isKept(stages, path)),
    'COPY cli/migrate.ts cli/\n',
    '',
  ],
  [
    'keeps the SDL and the migrations',
    (stages) => isKept(stages, 'schema') && isKept(stages, 'prisma/migrations'),
    'COPY prisma prisma\nCOPY --from',
    'COPY --from',
  ],
  [
    'holds no secret',
    (stages) => [...all(stages, 'ENV'), ...all(stages, 'ARG')].every(({ args }) => !SECRET.test(args.join(' '))),
    'ENV NODE_ENV',
    'ENV TRIGGER_SECRETS=x NODE_ENV',
  ],
];

describe('the image', () => {
  it.each(CHECKS)('%s', async (_, isHeld) => {
    expect(await isHeld(readStages(DOCKERFILE))).toBe(true);
  });

  it.each(CHECKS)('would be seen where it no longer %s', async (_, isHeld, right, wrong) => {
    const at = DOCKERFILE.lastIndexOf(right);
    expect(at).toBeGreaterThan(-1);
    expect(await isHeld(readStages(DOCKERFILE.slice(0, at) + wrong + DOCKERFILE.slice(at + right.length)))).toBe(false);
  });
});

describe('a build', () => {
  it.each([
    '.git',
    '.git/config',
    'node_modules',
    '.env',
    '.env.production',
    '.local',
    'prisma/.env',
    'src/generated',
    'src/a.log',
  ])('is not sent %s', (path) => {
    expect(isIgnored(IGNORED, path)).toBe(true);
  });

  it.each(['src/main.ts', 'prisma/migrations', 'package-lock.json'])('is sent %s', (path) => {
    expect(isIgnored(IGNORED, path)).toBe(false);
  });
});
