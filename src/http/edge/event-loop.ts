/** How far this process lags behind what it is asked. */
export type EventLoop = Disposable & {
  /** Milliseconds since the present turn of the event loop began. */
  turnMs(): number;
};

const TICK_MS = 50;

/**
 * Timers run at the start of each turn, so the time since the last tick is how long the requests of this turn have kept
 * those behind them waiting, to within 50 ms. A delay that ended before this turn no longer counts.
 */
export function watchEventLoop(): EventLoop {
  let tickedAt = performance.now();
  const timer = setInterval(() => {
    tickedAt = performance.now();
  }, TICK_MS).unref();
  return {
    turnMs: () => performance.now() - tickedAt,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
