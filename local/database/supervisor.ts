/**
 * Runs the PostgreSQL server named in its one argument for as long as its standard input stays open, which is as long
 * as the process that started it lives: the kernel closes the pipe even after kill -9.
 */
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers';
import type { Supervised } from './postmaster.ts';

const FAST_SHUTDOWN_MS = 10_000;

const { command, args, options } = JSON.parse(process.argv[2] ?? '') as Supervised;
const server = spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });

server.once('error', (error) => {
  process.stderr.write(`FATAL:  ${error.message}\n`);
  process.exit(1);
});
server.once('exit', (code) => process.exit(code ?? 1));

// SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one, repaired from the log at the next start.
process.stdin.resume().once('close', () => {
  server.kill('SIGINT');
  setTimeout(() => server.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
});

// Told to stop together with our parent, the parent's orderly close comes first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
