import { CONDITIONS, type Condition, type Figures, type Operation, type Sample } from './rounds.ts';

export type Summary = {
  readonly operation: Operation;
  /** Medians over the rounds. */
  readonly figures: Readonly<Record<Condition, Figures>>;
  /** What a request takes with policies on, in times of what it takes under the other condition: median over the rounds. */
  readonly onTakes: Readonly<Record<Exclude<Condition, 'on'>, Ratios>>;
};

type Ratios = { readonly time: number; readonly cpu: number };

export function summarize(samples: readonly Sample[]): readonly Summary[] {
  return [...new Set(samples.map(({ operation }) => operation))].map((operation) => {
    const of = (condition: Condition) =>
      samples.filter((sample) => sample.operation === operation && sample.condition === condition);
    const figuresOf = (condition: Condition): Figures => ({
      requestsPerSecond: median(of(condition).map((sample) => sample.requestsPerSecond)),
      cpuUs: median(of(condition).map((sample) => sample.cpuUs)),
      p50Ms: median(of(condition).map((sample) => sample.p50Ms)),
      p99Ms: median(of(condition).map((sample) => sample.p99Ms)),
    });
    const against = (condition: Condition): Ratios => toRatios(of('on'), of(condition));
    return {
      operation,
      figures: { on: figuresOf('on'), 'policies off': figuresOf('policies off'), 'no scope': figuresOf('no scope') },
      onTakes: { 'policies off': against('policies off'), 'no scope': against('no scope') },
    };
  });
}

// Round by round, since what else the machine does changes slower than the rounds do.
function toRatios(on: readonly Sample[], others: readonly Sample[]): Ratios {
  const pairs = on.flatMap((sample, round) => {
    const other = others[round];
    return other ? [{ sample, other }] : [];
  });
  return {
    time: median(pairs.map(({ sample, other }) => other.requestsPerSecond / sample.requestsPerSecond)),
    cpu: median(pairs.map(({ sample, other }) => sample.cpuUs / other.cpuUs)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return below === undefined || above === undefined ? Number.NaN : (below + above) / 2;
}

export function toTable(summaries: readonly Summary[]): string {
  const rows = summaries.flatMap(({ operation, figures, onTakes }) =>
    CONDITIONS.map((condition) => {
      const { requestsPerSecond, cpuUs, p50Ms, p99Ms } = figures[condition];
      const ratios = condition === 'on' ? null : onTakes[condition];
      return [
        operation,
        condition,
        requestsPerSecond.toFixed(0),
        cpuUs.toFixed(0),
        p50Ms.toFixed(1),
        p99Ms.toFixed(1),
        ratios?.time.toFixed(2) ?? '',
        ratios?.cpu.toFixed(2) ?? '',
      ];
    }),
  );
  const header = ['operation', 'condition', 'requests/s', 'CPU µs each', 'p50 ms', 'p99 ms', '"on" takes: time', 'CPU'];
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}
