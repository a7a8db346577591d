import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toMatrix } from '../../src/access/matrix.ts';
import type { Contract } from './contract.ts';
import { findDifferences } from './find-differences.ts';
import { toMatrixJson } from './matrix-json.ts';
import { toMatrixPage } from './matrix-page.ts';

/** The two forms of one matrix, by the names of their files. */
export type MatrixFiles = { readonly 'access-matrix.md': string; readonly 'access-matrix.json': string };

const NAMES = ['access-matrix.md', 'access-matrix.json'] as const;
const NAMED_DIFFERENCES = 5;

export function toMatrixFiles({ plan, registry }: Pick<Contract, 'plan' | 'registry'>): MatrixFiles {
  const matrix = toMatrix(plan, registry);
  return { 'access-matrix.md': toMatrixPage(plan, matrix), 'access-matrix.json': toMatrixJson(plan, matrix) };
}

export async function writeMatrix(folder: string, files: MatrixFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(NAMES.map((name) => writeFile(join(folder, name), files[name])));
}

/** Throws where the files in the folder are others: it names them, the first fields that differ, and what to run. */
export async function checkMatrix(folder: string, files: MatrixFiles): Promise<void> {
  const [page, json] = await Promise.all(NAMES.map((name) => readFile(join(folder, name), 'utf8').catch(() => null)));
  if (page === files['access-matrix.md'] && json === files['access-matrix.json']) return;
  const fields = findDifferences(json ?? null, files['access-matrix.json']);
  const others = fields.length - NAMED_DIFFERENCES;
  const lines = [
    `The access matrix in ${folder} is not what the schema says: run "npm run access:matrix", read the difference and commit it.`,
    ...fields.slice(0, NAMED_DIFFERENCES),
    ...(others > 0 ? [`and ${others} more`] : []),
  ];
  throw new Error(lines.join('\n  '));
}
