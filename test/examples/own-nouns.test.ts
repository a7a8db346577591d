import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { toMigrationFolders } from '../../src/modules/join-modules.ts';
import { loadModules } from '../../src/modules/load-modules.ts';
import { createSeededDatabase } from '../support/database.ts';
import { type Product, startProduct, toOptions } from '../support/product.ts';
import { readFile } from '../unit/house/tree.ts';

const PAGE = readFile('docs/own-nouns.md');
// In the checkout, where the module finds the package it is written for; git and the other tests look away from there.
const PLACE = join('.local', `own-nouns-${randomBytes(4).toString('hex')}`);

/** The files the page has its reader write, by their path below the module's folder. */
const FILES: ReadonlyMap<string, string> = new Map(
  [...PAGE.matchAll(/^A file `modules\/notes\/([^`]+)`.*\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
    ([, path = '', text = '']) => [path, text],
  ),
);
/** The documents of its curl lines, in order. */
const QUERIES = [...PAGE.matchAll(/-d '({"query".*})'/g)].map(([, body = '']) => JSON.parse(body).query as string);
/** What it says start-up answers to, by what was forgotten. */
const LINES = new Map([...PAGE.matchAll(/^\| (.+?) \| `(.*?)` \|$/gm)].map(([, what = '', line = '']) => [what, line]));

let count = 0;
/** The page's module, with one edit of the reader's, as MODULES would load it. */
async function loadNotes(edit: (text: string, path: string) => string = (text) => text) {
  // A folder of its own each time, for Node keeps what it once loaded from a path.
  const folder = join(PLACE, String(count++));
  for (const [path, text] of FILES) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, edit(text, path));
  }
  return loadModules([folder]);
}

afterAll(() => rmSync(PLACE, { recursive: true }));

let product: Product;
beforeAll(async () => {
  product = await startProduct({ modules: await loadNotes() });
});
afterAll(() => product[Symbol.asyncDispose]());

describe('docs/own-nouns.md', () => {
  it('has its reader write three files', () => {
    expect([...FILES.keys()]).toEqual(['notes.graphql', 'migrations/20261201000000_notes/migration.sql', 'index.ts']);
  });

  it('makes a noun that one tenant writes and another does not see', async () => {
    const [add = '', list = ''] = QUERIES;
    const added = await product.query(await product.tokenOf('mia@acme.test'), add);
    expect(added.body).toEqual({ data: { addNote: { note: { id: expect.any(String), text: 'Buy milk' } } } });
    const shown = await product.query(await product.tokenOf('mia@acme.test'), list);
    expect(shown.body).toEqual({ data: { notes: { nodes: [{ text: 'Buy milk' }] } } });
    const others = await product.query(await product.tokenOf('gina@globex.test'), list);
    expect(PAGE).toContain(`gets \`${others.text.trim()}\``);
  });
});

const MIGRATION = [...FILES].find(([path]) => path.endsWith('.sql'))?.[1] ?? '';

const KEYED = `  owner_id uuid,
  foreign key (tenant_id, owner_id) references memberships (tenant_id, id),
  text text`;

const FORGOTTEN: [string, (text: string) => string][] = [
  ['`@auth` on `notes`', (text) => text.replace(/(NoteConnection)\n.*@auth.*\n/, '$1\n')],
  ['`@tenantScoped` on `Note`', (text) => text.replace('type Note @tenantScoped', 'type Note')],
  ['the resolver of `notes`', (text) => text.replace(/Query: {.*?},\n/, '')],
  [
    'the resolver of a link',
    (text) =>
      text.replace('"What it says."\n  text: String!', '"What it says."\n  text: String!\n  author: Membership'),
  ],
  ['the resolvers of a page', (text) => text.replace(/NoteConnection: connection.*\n/, '')],
  ['the verb of `addNote`', (text) => text.replace('verbs: { addNote },', '')],
  ["`call hold_to_tenant('notes')`", (text) => text.replace(/call hold_to_tenant.*/, '')],
  ['the tenant in the primary key', (text) => text.replace('primary key (tenant_id, id)', 'primary key (id)')],
  ['an index for a foreign key', (text) => text.replace('  text text', KEYED)],
];

/** Migrates a database and starts an app on it, with the page's module as edited. */
async function start(edit: (text: string) => string): Promise<void> {
  const modules = await loadNotes(edit);
  await using parts = new AsyncDisposableStack();
  let { database } = product;
  // Where the tables are those of the page, the page's own database serves.
  if (edit(MIGRATION) !== MIGRATION) {
    database = await createSeededDatabase(toMigrationFolders(modules));
    parts.defer(database.drop);
  }
  parts.use(await createApp({ ...toOptions(product.pool, database), modules }));
}

describe('what it says of things forgotten', () => {
  it('is tried here, all of it', () => {
    expect([...LINES.keys()]).toEqual(FORGOTTEN.map(([what]) => what));
  });

  it.each(FORGOTTEN)('%s', async (what, edit) => {
    const said = (LINES.get(what) ?? '').split('…').map((part) => expect.stringContaining(part));
    const refusal = await start(edit).then(
      () => null,
      (error: Error) => error,
    );
    expect(refusal).toMatchObject({ name: 'StartupError' });
    for (const part of said) expect(refusal?.message).toEqual(part);
  });
});
