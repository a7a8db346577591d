import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFile } from './tree.ts';

const BIOME = join(import.meta.dirname, '../../../node_modules/.bin/biome');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-cycle-'));
  mkdirSync(join(folder, 'src'));
  const { vcs: _, ...config } = JSON.parse(readFile('biome.json'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
});

afterAll(() => rmSync(folder, { recursive: true }));

function lint(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'src', name), text);
  const { stdout, stderr } = spawnSync(process.execPath, [BIOME, 'lint', '--colors=off', 'src'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describe('the linter', () => {
  it('finds a cycle of type-only imports', () => {
    const output = lint({
      'hen.ts': "import type { Egg } from './egg.ts';\nexport type Hen = { readonly from: Egg };\n",
      'egg.ts': "import type { Hen } from './hen.ts';\nexport type Egg = { readonly by: Hen };\n",
    });
    expect(output).toMatch(/hen\.ts.* lint\/suspicious\/noImportCycles/);
  });

  it('has nothing against imports that end somewhere', () => {
    const output = lint({
      'hen.ts': "import type { Egg } from './egg.ts';\nexport type Hen = { readonly from: Egg };\n",
      'egg.ts': 'export type Egg = { readonly isFresh: boolean };\n',
    });
    expect(output).toContain('Checked 2 files');
    expect(output).not.toContain('lint/');
  });
});
