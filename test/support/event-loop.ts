export type Watched<Result> = {
  readonly result: Result;
  /** The longest this thread computed without a break meanwhile, in milliseconds. */
  readonly blockedMs: number;
};

/**
 * Runs `act` and watches the event loop of this thread: between any two of its turns another request could have been
 * answered. Counts the processor time of the thread, so that a machine busy with other things takes no part in it.
 */
export async function watchEventLoop<Result>(act: () => Promise<Result>): Promise<Watched<Result>> {
  let blockedMs = 0;
  let isOver = false;
  let last = threadTimeMs();
  const turn = () => {
    const now = threadTimeMs();
    blockedMs = Math.max(blockedMs, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const result = await act();
  turn();
  isOver = true;
  return { result, blockedMs };
}

/** The same, tried a few times more while it is above `enoughMs`: what a request takes, without a collection of garbage. */
export async function watchAtBest<Result>(enoughMs: number, act: () => Promise<Result>): Promise<Watched<Result>> {
  const TRIES = 5;
  let best = await watchEventLoop(act);
  for (let tries = 1; tries < TRIES && best.blockedMs > enoughMs; tries += 1) {
    const again = await watchEventLoop(act);
    if (again.blockedMs < best.blockedMs) best = again;
  }
  return best;
}

function threadTimeMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
