/**
 * Changes the files of the patterns it is given, prints the changes that no test noticed, and sends all changes to its
 * parent process. Where MUTATION_REPORT names a file, it writes them there too, for comparison with another run.
 */
import { type Mutant, mutate } from './mutate.ts';
import { writeReport } from './report.ts';
import { printScores } from './score.ts';

const print = (mutants: readonly Mutant[]) => process.stdout.write(`${printScores(mutants)}\n`);

const mutants = await mutate(process.argv.slice(2), print);
print(mutants);
const report = process.env['MUTATION_REPORT'];
if (report) await writeReport(report, mutants);
process.send?.(mutants);
