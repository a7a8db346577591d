import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Child = AsyncDisposable & {
  /** Sends one order and waits for its one answer. Rejects when the child ends first. One at a time. */
  ask<Answer>(order: object): Promise<Answer>;
};

/** A module of this folder in a process of its own, which ends with this one. */
export function startChild(module: string, execArgv: readonly string[] = []): Child {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), { execArgv: [...execArgv] });
  const ask = <Answer>(order: object) =>
    new Promise<Answer>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`${module} ended with ${code ?? 'a signal'}`));
      child.once('exit', onExit);
      child.once('message', (answer) => {
        child.off('exit', onExit);
        // The two ends of a channel are written together; what they say is typed where they meet.
        resolve(answer as Answer);
      });
      child.send(order);
    });
  const dispose = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  };
  return { ask, [Symbol.asyncDispose]: dispose };
}

/** The child's end: answers every order with what `handle` makes of it, and ends when the parent is gone. */
export function answerParent<Order>(handle: (order: Order) => Promise<object>): void {
  process.on('message', async (order) => process.send?.(await handle(order as Order)));
  process.once('disconnect', () => process.exit());
}
