import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Child = AsyncDisposable & {
  /** Sends one order and waits for its one answer. Rejects when the child ends first. */
  ask<Answer>(order: object): Promise<Answer>;
};

/** A module of this folder in a process of its own, which ends with this one. */
export function startChild(module: string, execArgv: readonly string[] = []): Child {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), { execArgv: [...execArgv] });
  return {
    ask: async <Answer>(order: object) => {
      child.send(order);
      const [answer] = await Promise.race([once(child, 'message'), rejectAtExit(child)]);
      // The two ends of a channel are written together; what they say is typed where they meet.
      return answer as Answer;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

async function rejectAtExit(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, 'exit');
  throw new Error(`${child.spawnargs.at(-1)} ended with ${code ?? signal}`);
}

/** The child's end: answers every order with what `handle` makes of it, and ends when the parent is gone. */
export function answerParent<Order>(handle: (order: Order) => Promise<object>): void {
  process.on('message', async (order) => process.send?.(await handle(order as Order)));
  process.once('disconnect', () => process.exit());
}
