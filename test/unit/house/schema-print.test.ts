import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';
import config from '../../../codegen.ts';
import { readFile } from './tree.ts';

const CONTRACT = 'docs/schema.graphql';

describe(CONTRACT, () => {
  it('is what schema/*.graphql prints', async () => {
    const generates = { [CONTRACT]: config.generates[CONTRACT] ?? {} };
    const [printed] = await generate({ ...config, generates }, false);
    expect(readFile(CONTRACT), 'run "npm run generate" and commit it').toBe(printed.content);
  });
});
