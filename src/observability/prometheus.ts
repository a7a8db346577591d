import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from './metrics.ts';

export type PrometheusMetrics = Metrics & {
  readonly contentType: string;
  /** Everything counted so far, in Prometheus' text format. */
  expose(): Promise<string>;
};

type Collect = (set: (labels: Readonly<Record<string, string>>, value: number) => void) => void;

// Seconds. A read takes about a millisecond; a statement is cancelled after 5 s, a request after 10.
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const QUERY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5];

/** The one file that knows prom-client: imported when somebody scrapes, and not before. */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { counter, histogram, gauge } = createMakers(registry);

  const requests = histogram('request_duration_seconds', 'Answers.', ['route', 'status'], REQUEST_BUCKETS);
  const operations = counter('operations_total', 'GraphQL operations resolved.', ['type']);
  const errors = counter('errors_total', 'Errors answered, one of each code a request.', ['code']);
  const tokens = counter('tokens_total', 'Access tokens judged.', ['outcome']);
  const fetches = counter('key_set_fetches_total', "Fetches of the pool's key set.", ['outcome']);
  const limited = counter('rate_limited_total', 'Requests refused for their number.', ['by']);
  const shed = counter('shed_total', 'Requests refused because the process was behind.', []);
  const triggers = histogram('trigger_duration_seconds', 'Signed calls.', ['trigger', 'outcome'], REQUEST_BUCKETS);
  const attempts = counter('outbox_attempts_total', 'Changes the pool was told of.', ['change', 'outcome']);
  const queries = histogram('database_duration_seconds', 'Queries and transactions.', ['reach'], QUERY_BUCKETS);

  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
    answered: ({ route, status, seconds }) => requests.observe({ route: route ?? 'none', status }, seconds),
    operation: (type) => operations.inc({ type }),
    error: (code) => errors.inc({ code }),
    token: (outcome) => tokens.inc({ outcome }),
    keySetFetch: (outcome) => fetches.inc({ outcome }),
    limited: (by) => limited.inc({ by }),
    shed: () => shed.inc(),
    trigger: ({ source, outcome, seconds }) => triggers.observe({ trigger: toKind(source), outcome }, seconds),
    outboxAttempt: (change, outcome) => attempts.inc({ change, outcome }),
    query: (reach, seconds) => queries.observe({ reach }, seconds),
    watchConnections: (read) =>
      gauge('database_connections', 'Connections of the pool, and callers waiting for one.', ['state'], (set) => {
        for (const [state, count] of Object.entries(read())) set({ state }, count);
      }),
    watchOutbox: (read) => {
      gauge('outbox_waiting', 'Changes the pool has yet to be told of.', [], (set) => set({}, read().waiting));
      gauge('outbox_oldest_seconds', 'How long the oldest of them has waited.', [], (set) =>
        set({}, read().oldestSeconds),
      );
    },
    watchCutoffs: (read) => {
      gauge('cutoff_feed_age_seconds', 'Whatever ended a token longer ago is known here.', [], (set) =>
        set({}, read().ageSeconds),
      );
      gauge('cutoff_feed_listening', '1 while notifications of the database come through.', [], (set) =>
        set({}, Number(read().isListening)),
      );
      gauge('cutoffs_held', 'Sessions, users, memberships, tenants and clients something is known of.', [], (set) =>
        set({}, read().held),
      );
    },
    watchKeySetAge: (read) =>
      gauge('key_set_age_seconds', "Age of the pool's keys; +Inf while there are none.", [], (set) => {
        set({}, read() ?? Number.POSITIVE_INFINITY);
      }),
  };
}

function createMakers(registry: Registry) {
  const toOptions = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) => {
    return { name: `tenantry_${name}`, help, labelNames, registers: [registry] };
  };
  return {
    counter: <Label extends string>(name: string, help: string, labels: readonly Label[]) =>
      new Counter(toOptions(name, help, labels)),
    histogram: <Label extends string>(name: string, help: string, labels: readonly Label[], buckets: number[]) =>
      new Histogram({ ...toOptions(name, help, labels), buckets }),
    gauge: (name: string, help: string, labels: readonly string[], collect: Collect) => {
      const options = toOptions(name, help, labels);
      const made: Gauge = new Gauge({ ...options, collect: () => collect((values, level) => made.set(values, level)) });
    },
  };
}

// The part of a trigger's source that says what is called; the rest says for which way of signing up or in.
const KINDS: readonly string[] = ['PreSignUp', 'PostConfirmation', 'TokenGeneration'];

function toKind(source: string): string {
  const [kind = ''] = source.split('_', 1);
  return KINDS.includes(kind) ? kind : 'other';
}
