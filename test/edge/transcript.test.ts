import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertNoLeaks, findLeaks } from '../support/find-leaks.ts';
import { type Product, startProduct } from '../support/product.ts';
import { sendRaw, toGraphQL } from '../support/raw-request.ts';
import { TRANSCRIPT } from '../support/transcript.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product[Symbol.asyncDispose]());

async function readTranscript(word: string): Promise<readonly string[]> {
  return (await readFile(TRANSCRIPT, 'utf8')).split('\n').filter((line) => line.includes(word));
}

describe('the transcript of a run', () => {
  it.each(['fetch', 'a plain socket'])('holds the log and the answer of a request by %s', async (client) => {
    const id = randomUUID();
    const query = '{ health { status } }';
    if (client === 'fetch') await product.query(null, query, undefined, { 'x-request-id': id });
    else await sendRaw(product.url, toGraphQL(query, { 'x-request-id': id }));
    await expect.poll(() => readTranscript(id)).toHaveLength(2);
    const text = (await readTranscript(id)).join();
    expect(text).toContain('"requestId"');
    expect(text).toContain('{\\"data\\":{\\"health\\":{\\"status\\"');
  });

  it('holds no answer of what stands in for AWS, whose tokens are meant for their owners', async () => {
    const token = await product.tokenOf('mia@acme.test');
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
