import { CONDITIONS, type Condition, type Operation, type Sample } from './rounds.ts';

type Figures = { readonly requestsPerSecond: number; readonly p50Ms: number; readonly p99Ms: number };

export type Summary = {
  readonly operation: Operation;
  /** Medians over the rounds. */
  readonly figures: Readonly<Record<Condition, Figures>>;
  /** Time of a request with policies on, in times of one with policies off: median over the rounds. */
  readonly onToOff: number;
  /** The same, in times of one without scope or policies. */
  readonly onToPlain: number;
};

export function summarize(samples: readonly Sample[]): readonly Summary[] {
  return [...new Set(samples.map(({ operation }) => operation))].map((operation) => {
    const of = (condition: Condition) =>
      samples.filter((sample) => sample.operation === operation && sample.condition === condition);
    const figuresOf = (condition: Condition): Figures => ({
      requestsPerSecond: median(of(condition).map((sample) => sample.requestsPerSecond)),
      p50Ms: median(of(condition).map((sample) => sample.p50Ms)),
      p99Ms: median(of(condition).map((sample) => sample.p99Ms)),
    });
    const timeAgainst = (condition: Condition) => median(toRatios(of(condition), of('on')));
    return {
      operation,
      figures: { on: figuresOf('on'), 'policies off': figuresOf('policies off'), 'no scope': figuresOf('no scope') },
      onToOff: timeAgainst('policies off'),
      onToPlain: timeAgainst('no scope'),
    };
  });
}

// Round by round, since what else the machine does changes slower than the rounds do.
function toRatios(base: readonly Sample[], other: readonly Sample[]): number[] {
  return base.map(
    ({ requestsPerSecond }, round) => requestsPerSecond / (other[round]?.requestsPerSecond ?? Number.NaN),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return below === undefined || above === undefined ? Number.NaN : (below + above) / 2;
}

export function toTable(summaries: readonly Summary[]): string {
  const rows = summaries.flatMap(({ operation, figures, onToOff, onToPlain }) => {
    const ratios: Record<Condition, string> = {
      on: '',
      'policies off': onToOff.toFixed(2),
      'no scope': onToPlain.toFixed(2),
    };
    return CONDITIONS.map((condition) => {
      const { requestsPerSecond, p50Ms, p99Ms } = figures[condition];
      const time = (1_000_000 / requestsPerSecond).toFixed(0);
      return [
        operation,
        condition,
        requestsPerSecond.toFixed(0),
        time,
        p50Ms.toFixed(1),
        p99Ms.toFixed(1),
        ratios[condition],
      ];
    });
  });
  const header = ['operation', 'condition', 'requests/s', 'µs each', 'p50 ms', 'p99 ms', '"on" takes, times'];
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}
