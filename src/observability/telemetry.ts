import type { Logger } from './logger.ts';
import { type Metrics, NO_METRICS } from './metrics.ts';
import type { PrometheusMetrics } from './prometheus.ts';
import { NO_TRACER, TRACING_TIMINGS, type Tracer, type TracingTimings } from './tracing.ts';

/** What is told of the work beside the log. */
export type Telemetry = { readonly metrics: Metrics; readonly tracer: Tracer };

export type TelemetryOptions = {
  readonly isScraped: boolean;
  /** The OTLP endpoint; null for no spans. */
  readonly tracesUrl: string | null;
  readonly log: Pick<Logger, 'warn'>;
  /** Those left out are as in TRACING_TIMINGS. */
  readonly timings?: Partial<TracingTimings> | undefined;
};

export type OpenedTelemetry = Telemetry & {
  /** What a scrape reads; null where nobody scrapes. */
  readonly prometheus: PrometheusMetrics | null;
};

/** Loads what is asked for. What is not costs nothing, not even its import. */
export async function openTelemetry(options: TelemetryOptions): Promise<OpenedTelemetry> {
  const { isScraped, tracesUrl: url, log } = options;
  const timings = { ...TRACING_TIMINGS, ...options.timings };
  const prometheus = isScraped ? (await import('./prometheus.ts')).createPrometheusMetrics() : null;
  const tracer =
    url === null ? NO_TRACER : (await import('./open-telemetry.ts')).createOpenTelemetryTracer({ url, log, timings });
  return { metrics: prometheus ?? NO_METRICS, tracer, prometheus };
}
