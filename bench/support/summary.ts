import type { Figures, Sample } from './rounds.ts';

export type Summary = {
  readonly operation: string;
  /** Medians over the rounds, by condition. */
  readonly figures: Readonly<Record<string, Figures>>;
  /** What a request takes under the first condition, in times of what it takes under each other: median over the rounds. */
  readonly takes: Readonly<Record<string, Ratios>>;
};

type Ratios = { readonly time: number; readonly cpu: number };

/** `names`: of the conditions, the one that is measured first. */
export function summarize(samples: readonly Sample[], names: readonly string[]): readonly Summary[] {
  return [...Map.groupBy(samples, ({ operation }) => operation)].map(([operation, taken]) => {
    const of = (name: string) => taken.filter(({ condition }) => condition === name);
    const [measured = '', ...others] = names;
    return {
      operation,
      figures: Object.fromEntries(names.map((name) => [name, toFigures(of(name))])),
      takes: Object.fromEntries(others.map((name) => [name, toRatios(of(measured), of(name))])),
    };
  });
}

function toFigures(samples: readonly Sample[]): Figures {
  return {
    requestsPerSecond: median(samples.map((sample) => sample.requestsPerSecond)),
    cpuUs: median(samples.map((sample) => sample.cpuUs)),
    p50Ms: median(samples.map((sample) => sample.p50Ms)),
    p99Ms: median(samples.map((sample) => sample.p99Ms)),
  };
}

// Round by round, since what else the machine does changes slower than the rounds do.
function toRatios(measured: readonly Sample[], others: readonly Sample[]): Ratios {
  const pairs = measured.flatMap((sample, round) => {
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

export function toTable(summaries: readonly Summary[], measured: string): string {
  const rows = summaries.flatMap(({ operation, figures, takes }) =>
    Object.entries(figures).map(([condition, { requestsPerSecond, cpuUs, p50Ms, p99Ms }]) => [
      operation,
      condition,
      requestsPerSecond.toFixed(0),
      cpuUs.toFixed(0),
      p50Ms.toFixed(1),
      p99Ms.toFixed(1),
      takes[condition]?.time.toFixed(2) ?? '',
      takes[condition]?.cpu.toFixed(2) ?? '',
    ]),
  );
  const header = [
    'operation',
    'condition',
    'requests/s',
    'CPU µs each',
    'p50 ms',
    'p99 ms',
    `"${measured}" takes: time`,
    'CPU',
  ];
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}
