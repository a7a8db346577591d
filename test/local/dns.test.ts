import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileResolver } from '../../local/dns.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantry-dns-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('TXT records of this machine', () => {
  const resolve = (name: string) =>
    createFileResolver(join(folder, 'dns.txt'), async (asked) => [`DNS was asked for ${asked}`])(name);

  it('are asked of DNS where there is no file', async () => {
    expect(await resolve('_x.acme.test')).toEqual(['DNS was asked for _x.acme.test']);
  });

  it('stand in the file, by the whole name, and what is added counts at once', async () => {
    await writeFile(join(folder, 'dns.txt'), '_x.acme.test one=1\n_x.acme.test.evil two\n');
    expect(await resolve('_x.acme.test')).toEqual(['one=1']);
    await writeFile(join(folder, 'dns.txt'), '_x.acme.test one=1\r\n  _x.acme.test   v=spf1 -all  \n');
    expect(await resolve('_x.acme.test')).toEqual(['one=1', 'v=spf1 -all']);
    expect(await resolve('x.acme.test')).toEqual(['DNS was asked for x.acme.test']);
  });
});
