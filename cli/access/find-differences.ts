import { MatrixJson } from './matrix-json.ts';

/** The fields, or `columns`, on which two matrices in JSON differ; everything where `committed` is none. */
export function findDifferences(committed: string | null, computed: string): readonly string[] {
  const before = toLines(committed);
  const after = toLines(computed);
  return [...new Set([...after.keys(), ...before.keys()])].filter((name) => before.get(name) !== after.get(name));
}

function toLines(json: string | null): ReadonlyMap<string, string> {
  const matrix = MatrixJson.safeParse(parseJson(json ?? '')).data;
  if (!matrix) return new Map();
  const fields = Object.entries(matrix.fields).map(([name, field]) => [name, JSON.stringify(field)] as const);
  return new Map([['columns', JSON.stringify(matrix.columns)], ...fields]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
