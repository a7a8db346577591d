import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { COMPILE_CACHE } from './compile-cache.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TIMEOUT_MS = 60_000;

export type Exit = { readonly code: number | null; readonly errorLines: readonly string[]; readonly output: string };

/**
 * Runs scripts with Node, with these variables and nothing else of the environment, until they end; past 60
 * seconds, which is as long as a test may take, the process is killed and `code` is null.
 */
export function startProcess(scripts: readonly string[], env: Readonly<Record<string, string>>): Promise<Exit> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { PATH: process.env['PATH'], ...COMPILE_CACHE, ...env }, timeout: TIMEOUT_MS };
    const child = execFile(process.execPath, scripts, options, (_error, stdout, stderr) => {
      const errorLines = stderr.split('\n').filter((line) => line !== '');
      resolve({ code: child.exitCode, errorLines, output: stdout + stderr });
    });
  });
}
