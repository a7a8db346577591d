import { describe, expect, it } from 'vitest';
import { createEchoes } from '../../../src/store/cutoff-feed/echoes.ts';

const nothing = async () => {};

describe('echoes', () => {
  it('prove nothing before the channel was caught up with', () => {
    const echoes = createEchoes();
    echoes.hear(1);
    expect([echoes.isProven(), echoes.provenAt()]).toEqual([false, Number.NEGATIVE_INFINITY]);
    echoes.begin(nothing);
    echoes.hear(2);
    expect([echoes.isProven(), echoes.provenAt()]).toEqual([true, 2]);
  });

  it('prove nothing any more once the channel was lost, until one is heard again', () => {
    const echoes = createEchoes();
    const firstHeardAt: number[] = [];
    echoes.onFirst(() => firstHeardAt.push(echoes.provenAt()));
    echoes.begin(nothing);
    echoes.hear(1);
    echoes.hear(2);
    echoes.lose();
    echoes.hear(3);
    expect([echoes.isProven(), echoes.provenAt(), firstHeardAt]).toEqual([false, 2, [1]]);
    echoes.begin(nothing);
    echoes.hear(4);
    expect([echoes.isProven(), echoes.provenAt(), firstHeardAt]).toEqual([true, 4, [1, 4]]);
  });

  it('resolve whoever waits by one that was sent after he asked, not by an earlier one', async () => {
    const echoes = createEchoes();
    const sent: number[] = [];
    echoes.begin(async (at) => {
      sent.push(at);
    });
    const events: string[] = [];
    const proof = echoes.prove(1_000).then(() => events.push('proven'));
    echoes.hear(performance.now() - 1_000);
    await new Promise(setImmediate);
    events.push('heard an earlier one');
    echoes.hear(sent.at(-1) ?? 0);
    await proof;
    expect(events).toEqual(['heard an earlier one', 'proven']);
  });

  it.each([
    ['is lost', (echoes: ReturnType<typeof createEchoes>) => echoes.lose(), 'the channel broke'],
    ['stays silent', () => {}, 'the channel is silent'],
  ])('reject whoever waits where the channel %s', async (_, happen, message) => {
    const echoes = createEchoes();
    echoes.begin(nothing);
    const proof = echoes.prove(20);
    happen(echoes);
    await expect(proof).rejects.toThrow(message);
  });

  it('reject whoever asks of a channel that is not open', async () => {
    await expect(createEchoes().prove(1_000)).rejects.toThrow('not open');
  });
});
