import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const TIMEOUT_MS = 15_000;

export type Exit = { readonly code: number | null; readonly errorLines: readonly string[]; readonly output: string };

/**
 * Runs scripts with Node, with these variables and nothing else of the environment, until they end; past 15 seconds the
 * process is killed and `code` is null.
 */
export function startProcess(scripts: readonly string[], env: Readonly<Record<string, string>>): Promise<Exit> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { PATH: process.env['PATH'], ...env }, timeout: TIMEOUT_MS };
    const child = execFile(process.execPath, scripts, options, (_error, stdout, stderr) => {
      const errorLines = stderr.split('\n').filter((line) => line !== '');
      resolve({ code: child.exitCode, errorLines, output: stdout + stderr });
    });
  });
}
