import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  buildASTSchema,
  concatAST,
  type DirectiveNode,
  type DocumentNode,
  isExecutableDefinitionNode,
  Kind,
  parse,
  print,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const README = readFileSync('README.md', 'utf8');
const SHOWN = [...README.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text]) => parse(text ?? ''));
const SCRIPTS = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

describe('the README', () => {
  let product: Product;
  beforeAll(async () => {
    // As npm start has it: with Sandbox, and so with the rule in a refusal.
    product = await startBeside(await getSharedProduct(), { app: { sandbox: { demoToken: null } } });
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it('shows the very answer its first query gets', async () => {
    const query = JSON.parse(/-d '(\{"query".*\})'/.exec(README)?.[1] ?? '').query;
    const answer = JSON.parse(/```json\n([\s\S]*?)```/.exec(README)?.[1] ?? '');
    const { body } = await product.query(await product.tokenOf('mia@acme.test'), query);
    expect(body).toEqual(answer);
  });

  it('signs somebody up as it says', async () => {
    const script = /```js\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
    // Where bare specifiers resolve as they do in this folder, and nobody commits.
    const file = resolve('node_modules/.readme-sign-up.mjs');
    // A new user each time: other tests share the pool.
    const email = `you-${randomUUID()}@example.com`;
    const own = script.replaceAll('http://127.0.0.1:4001', product.pool.endpoint).replaceAll('you@example.com', email);
    writeFileSync(file, own);
    await import(pathToFileURL(file).href).finally(() => rmSync(file));
    expect(await product.sql('select email_proof from users where email = $1', [email])).toEqual([
      { email_proof: 'CODE' },
    ]);
  });

  it('names no npm script that is not there', () => {
    const commands = [...README.matchAll(/npm (start|test|run (?:-s )?[a-z:]+)/g)].map(([, command]) => command ?? '');
    const scripts = commands.map((command) => command.replace(/^run (-s )?/, ''));
    expect(scripts).toContain('token');
    expect(scripts.filter((script) => !(script in SCRIPTS))).toEqual([]);
  });

  it('shows rules that stand in the schema', () => {
    const shown = rulesOf(SHOWN);
    expect(shown.length).toBeGreaterThan(3);
    expect(rulesOf(loadTypeDefs('schema'))).toEqual(expect.arrayContaining(shown));
  });

  it('shows operations that the schema has', () => {
    const schema = buildASTSchema(concatAST([...loadTypeDefs('schema')]));
    const operations = SHOWN.filter(({ definitions }) => definitions.every(isExecutableDefinitionNode));
    expect(operations.length).toBeGreaterThan(1);
    for (const document of operations) expect(validate(schema, document)).toEqual([]);
  });
});

/** `Type @rule` and `Type.field @rule`, for every type and field that carries a directive. */
function rulesOf(documents: readonly DocumentNode[]): string[] {
  return documents
    .flatMap(({ definitions }) => definitions)
    .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION)
    .flatMap((type) => [
      toRule(type.name.value, type),
      ...(type.fields ?? []).map((field) => toRule(`${type.name.value}.${field.name.value}`, field)),
    ])
    .filter((rule) => rule.includes('@'));
}

function toRule(coordinate: string, { directives = [] }: { readonly directives?: readonly DirectiveNode[] }): string {
  return [coordinate, ...directives.map(print)].join(' ');
}
