/** Changes the files of the patterns it is given, prints what no test noticed, and tells its parent of every change. */
import { mutate } from './mutate.ts';
import { printScores } from './score.ts';

const mutants = await mutate(process.argv.slice(2));
process.stdout.write(`${printScores(mutants)}\n`);
process.send?.(mutants);
