import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

const USAGE = `npm run generate [-- --check]

Writes src/generated (resolver types, Prisma client) and docs/schema.graphql, the contract in one file.

  --check  leaves docs/schema.graphql alone and fails where it is not what schema/ says

"npm install" writes src/generated only: what is committed changes when somebody asks for it.`;

const ROOT = join(import.meta.dirname, '..');
const CONTRACT = 'docs/schema.graphql';
const TOOLS = ['@graphql-codegen/cli', 'prisma/config', 'typescript/package.json'];

type Mode = 'install' | 'check' | 'write';

const resolver = createRequire(import.meta.url);

/** The tools this needs and does not find. */
function findMissing(): readonly string[] {
  return TOOLS.filter((tool) => {
    try {
      return !resolver.resolve(tool);
    } catch {
      return true;
    }
  });
}

async function generatePrisma(): Promise<void> {
  // Prisma fetches its schema engine before every command, and "generate" never calls it: any file that exists will do.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
  const prisma = resolver.resolve('prisma/build/index.js');
  await promisify(execFile)(process.execPath, [prisma, 'generate', '--no-hints'], { cwd: ROOT, env }).catch(
    (error: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(
        `prisma generate failed; mend this, then "npm run generate":\n${error.stdout}${error.stderr}`.trimEnd(),
      );
    },
  );
}

async function generateGraphQL(mode: Mode): Promise<void> {
  const [{ generate }, { default: config }] = await Promise.all([
    import('@graphql-codegen/cli'),
    import('../codegen.ts'),
  ]);
  const files: readonly { readonly filename: string; readonly content: string }[] = await generate(
    { ...config, cwd: ROOT },
    false,
  );
  for (const { filename, content } of files) {
    if (!filename.endsWith(CONTRACT) || mode === 'write') await write(filename, content);
    else if (mode === 'check') await assertSame(filename, content);
  }
}

async function write(filename: string, content: string): Promise<void> {
  const path = join(ROOT, filename);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function assertSame(filename: string, content: string): Promise<void> {
  const committed = await readFile(join(ROOT, filename), 'utf8').catch(() => null);
  if (committed === content) return;
  throw new Error(`${CONTRACT} is not what schema/*.graphql says: run "npm run generate" and commit it.`);
}

async function run(mode: Mode): Promise<void> {
  const missing = findMissing();
  if (missing.length > 0 && mode === 'install') {
    console.log(
      'src/generated was not written: devDependencies are absent. Copy it from a full install of this version.',
    );
    return;
  }
  if (missing.length > 0)
    throw new Error(`Not installed: ${missing.join(', ')}. Run "npm install" with devDependencies.`);
  const begun = performance.now();
  await Promise.all([generatePrisma(), generateGraphQL(mode)]);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const written = mode === 'write' ? `src/generated and ${CONTRACT} written` : 'src/generated written';
  console.log(`${written}${mode === 'check' ? `, ${CONTRACT} is up to date` : ''} in ${seconds} s`);
}

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, check: { type: 'boolean' } } });
  const isInstall = process.env['npm_lifecycle_event'] === 'prepare';
  if (values.help) console.log(USAGE);
  else await run(values.check ? 'check' : isInstall ? 'install' : 'write');
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
