import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn } from '../../local/seed/pool-users.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { assertNoLeaks, findLeaks } from '../support/find-leaks.ts';
import type { Product } from '../support/product.ts';
import { sendRaw, toGraphQL } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { TRANSCRIPT } from '../support/transcript.ts';

let product: Product;
/** Where in the file begins what this file's own tests leave there: other files have filled it before. */
let start: number;
beforeAll(async () => {
  product = await getSharedProduct();
  start = (await stat(TRANSCRIPT)).size;
});

async function readTranscript(word: string): Promise<readonly string[]> {
  const written = await text(createReadStream(TRANSCRIPT, { start }));
  return written.split('\n').filter((line) => line.includes(word));
}

describe('the transcript of a run', () => {
  it.each(['fetch', 'a plain socket'])('holds the log and the answer of a request by %s', async (client) => {
    const id = randomUUID();
    const query = '{ health { status } }';
    if (client === 'fetch') await product.query(null, query, undefined, { 'x-request-id': id });
    else await sendRaw(product.url, toGraphQL(query, { 'x-request-id': id }));
    await expect.poll(() => readTranscript(id), EVENTUALLY).toHaveLength(2);
    const found = (await readTranscript(id)).join();
    expect(found).toContain('"requestId"');
    expect(found).toContain('{\\"data\\":{\\"health\\":{\\"status\\"');
  });

  it('holds no answer of what stands in for AWS, whose tokens are meant for their owners', async () => {
    const token = await signIn(product.sdk, 'mia@acme.test', DEMO_PASSWORD);
    expect(await readTranscript(token)).toEqual([]);
  });
});

describe('the search through the transcript', () => {
  const message = (text: string) => JSON.stringify({ err: { message: text } });
  it.each([
    ['a token', message('bad token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln')],
    ['a secret', message('signed by whsec_dGVuYW50cnktdGVzdA==')],
    ['a connection string', message('connect postgres://app:hunter2@db/tenantry')],
    ['a query', message('select a,\n b from users')],
    ['a write', message('INSERT INTO users values')],
    ['an error text of the database', message('SQLSTATE 42601')],
    ['a stack', message('Error: x\n    at run (app.ts:1:2)')],
    ['a path of a package', message('/srv/node_modules/pg/lib/client.js')],
    ['a file', message('file:///srv/src/app.ts')],
    ['a leak within an answer', JSON.stringify([200, {}, message('select a from b')])],
  ])('finds %s', (_, line) => {
    expect(findLeaks(line)).toHaveLength(1);
  });

  it('finds a known password wherever it stands', () => {
    expect(findLeaks(message('for Tenantry-demo-1'), ['Tenantry-demo-1'])).toHaveLength(1);
  });

  it('has nothing against plain words and addresses', () => {
    expect(findLeaks(message('From http://127.0.0.1:80/graphql one is selected, and updated.'))).toEqual([]);
  });

  it('fails a run over one line in one file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenantry-leak-'));
    await writeFile(join(folder, 'good'), message('fine'));
    await expect(assertNoLeaks(folder, [])).resolves.toBeUndefined();
    await writeFile(join(folder, 'bad'), `${message('fine')}\n${message('delete from users')}\n`);
    await expect(assertNoLeaks(folder, [])).rejects.toThrow(/SQL: .*delete from users/);
    await rm(folder, { recursive: true });
  });
});
