import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { buildContract } from './access/contract.ts';
import { checkMatrix, toMatrixFiles, writeMatrix } from './access/matrix-files.ts';

const USAGE = `npm run access:matrix [-- --check | --json | --out <folder>]

Writes who gets what of every field: docs/access-matrix.md for people, docs/access-matrix.json for machines. Computed from the
schema alone; with MODULES set, their nouns are in it.

  --check         writes nothing, and fails where the two files are not what the schema says
  --json          prints the JSON and writes nothing ("npm run -s" prints nothing else)
  --out <folder>  writes, or with --check reads, there instead of docs/`;

async function run(mode: 'check' | 'json' | 'write', folder: string): Promise<void> {
  const files = toMatrixFiles(await buildContract(readConfig(process.env)));
  if (mode === 'json') {
    process.stdout.write(files['access-matrix.json']);
  } else if (mode === 'check') {
    await checkMatrix(folder, files);
    console.log('The access matrix is what the schema says.');
  } else {
    await writeMatrix(folder, files);
    console.log(`access-matrix.md and access-matrix.json written to ${folder}`);
  }
}

try {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      check: { type: 'boolean' },
      json: { type: 'boolean' },
      out: { type: 'string', default: 'docs' },
    },
  });
  if (values.help) console.log(USAGE);
  else await run(values.check ? 'check' : values.json ? 'json' : 'write', values.out);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
