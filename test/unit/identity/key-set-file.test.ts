import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartupError } from '../../../src/errors.ts';
import { readKeySetFile } from '../../../src/identity/key-set-file.ts';
import { createForge } from './forge.ts';

const { jwks } = createForge();
const [key] = jwks.keys;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantry-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const path = join(folder, 'jwks.json');
  await writeFile(path, text);
  return readKeySetFile(path);
}

describe('readKeySetFile', () => {
  it('gives the keys of the document', async () => {
    const keys = await read(JSON.stringify(jwks));
    expect(keys.get('key')?.n).toBe(key?.n);
  });

  it.each([
    ['no JSON', 'keys'],
    ['no key', '{"keys":[]}'],
    ['a short key', JSON.stringify({ keys: [{ ...key, n: key?.n?.slice(0, 100) }] })],
    ['keys twice', `{"keys":[],"keys":${JSON.stringify(jwks.keys)}}`],
    ['more than 64 KiB', JSON.stringify({ ...jwks, pad: 'x'.repeat(65_536) })],
  ])('refuses to start with a document of %s, in one line', async (_, text) => {
    const error = await read(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartupError);
    expect((error as Error).message).toMatch(/^KEY_SET_FILE \S+ holds no usable key set: .+$/);
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('refuses to start without the document, in one line', async () => {
    const error = await readKeySetFile(join(folder, 'absent.json')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartupError);
    expect((error as Error).message).toMatch(/^KEY_SET_FILE \S+ cannot be read: .+$/);
    expect((error as Error).cause).toMatchObject({ code: 'ENOENT' });
  });
});
