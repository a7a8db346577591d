import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModules } from '../../src/modules/load-modules.ts';
import { type Product, startProduct } from '../support/product.ts';
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

describe('docs/own-nouns.md', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ modules: await loadNotes() });
  });
  afterAll(() => product[Symbol.asyncDispose]());

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

describe('what it says of things forgotten', () => {
  it('is tried here, all of it', () => {
    expect([...LINES.keys()]).toEqual(FORGOTTEN.map(([what]) => what));
  });

  it.each(FORGOTTEN)('%s', async (what, edit) => {
    const modules = await loadNotes(edit);
    const said = (LINES.get(what) ?? '').split('…').map((part) => expect.stringContaining(part));
    const refusal = await startProduct({ modules }).then(
      () => null,
      (error: Error) => error,
    );
    expect(refusal).toMatchObject({ name: 'StartupError' });
    for (const part of said) expect(refusal?.message).toEqual(part);
  });
});
