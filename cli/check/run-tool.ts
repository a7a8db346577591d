import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export type ToolOutcome = {
  /** 1 for a process that a signal ended. */
  readonly exitCode: number;
  /** What it wrote; empty when it wrote straight to the terminal. */
  readonly output: string;
};

/** Runs a script of this project under the Node this process runs on. `stdio` 'inherit' shows it as it goes. Colours on a terminal only. */
export function runTool(
  script: string,
  args: readonly string[],
  stdio: 'pipe' | 'inherit' = 'pipe',
): Promise<ToolOutcome> {
  const isOnTerminal = stdio === 'inherit' && process.stdout.isTTY;
  const env = isOnTerminal ? process.env : { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, env, stdio: ['ignore', stdio, stdio] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
