/** Changes the files of the patterns it is given, prints what no test noticed, and tells its parent of every change. */
import { type Mutant, mutate } from './mutate.ts';
import { printScores } from './score.ts';

const print = (mutants: readonly Mutant[]) => process.stdout.write(`${printScores(mutants)}\n`);

const mutants = await mutate(process.argv.slice(2), print);
print(mutants);
process.send?.(mutants);
