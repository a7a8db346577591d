import { describe, expect, it } from 'vitest';
import { createSharedRun } from '../../../src/identity/shared-run.ts';

function world(budget: boolean[] = []) {
  const state = { begun: 0, end: Promise.withResolvers<boolean>() };
  const work = () => {
    state.begun += 1;
    state.end = Promise.withResolvers<boolean>();
    return state.end.promise;
  };
  return { state, run: createSharedRun(work, { take: () => budget.shift() ?? true }) };
}

describe('a shared run', () => {
  it('is begun once for all who ask while it lasts, and tells each what came of it', async () => {
    const { state, run } = world();
    const answers = [run(), run(), run()];
    state.end.resolve(true);
    expect(await Promise.all(answers)).toEqual([true, true, true]);
    expect(state.begun).toBe(1);
  });

  it('is begun anew once it has ended, whether well or badly', async () => {
    const { state, run } = world();
    const failing = run();
    state.end.reject(new Error('down'));
    await expect(failing).rejects.toThrow('down');
    const next = run();
    state.end.resolve(true);
    expect([await next, state.begun]).toEqual([true, 2]);
  });

  it('is not begun without budget, and is when there is some again', async () => {
    const { state, run } = world([false, true]);
    expect([await run(), state.begun]).toEqual([false, 0]);
    const next = run();
    state.end.resolve(true);
    expect([await next, state.begun]).toEqual([true, 1]);
  });

  it('is waited for by 50, and again by 50 once those have their answer', async () => {
    const { state, run } = world();
    for (const _ of ['first', 'second']) {
      const waiting = Array.from({ length: 50 }, run);
      expect(await run()).toBe(false);
      state.end.resolve(true);
      expect(new Set(await Promise.all(waiting))).toEqual(new Set([true]));
    }
  });
});
