/** What is counted. Every label comes from a closed set, so that no caller can make series: names, ids and paths never do. */
export type Metrics = {
  /** `route` is a pattern the server knows; null where none fitted. */
  answered(request: { readonly route: string | null; readonly status: number; readonly seconds: number }): void;
  operation(type: 'query' | 'mutation' | 'subscription'): void;
  /** `code` is one of the codes clients may see. */
  error(code: string): void;
  token(outcome: TokenOutcome): void;
  keySetFetch(outcome: 'ok' | 'failed'): void;
  limited(by: 'caller' | 'address'): void;
  shed(): void;
  trigger(call: { readonly source: string; readonly outcome: TriggerOutcome; readonly seconds: number }): void;
  /** `change` is one of the kinds the outbox knows. */
  outboxAttempt(change: string, outcome: OutboxOutcome): void;
  /** `reach` is one of the store's. */
  query(reach: string, seconds: number): void;
  /** `read` is called at each scrape. */
  watchConnections(read: () => Connections): void;
  /** `read` is called at each scrape. */
  watchOutbox(read: () => { readonly waiting: number; readonly oldestSeconds: number }): void;
  /** `read` is called at each scrape. */
  watchCutoffs(read: () => CutoffHealth): void;
  /** `read` is called at each scrape: seconds since the keys were fetched, null while they never were. */
  watchKeySetAge(read: () => number | null): void;
};

export type TokenOutcome = 'cached' | 'verified' | 'refused' | 'unavailable';
export type TriggerOutcome = 'answered' | 'refused' | 'failed';
export type OutboxOutcome = 'done' | 'gone' | 'failed';

/** Of the database: all there are, those nobody uses, and callers who wait for one. */
export type Connections = Readonly<Record<'total' | 'idle' | 'waiting', number>>;

/** How far what ends tokens is known: whatever is older than `ageSeconds` is. */
export type CutoffHealth = { readonly ageSeconds: number; readonly held: number; readonly isListening: boolean };

const nothing = () => undefined;

/** For a process nobody scrapes. */
export const NO_METRICS: Metrics = {
  answered: nothing,
  operation: nothing,
  error: nothing,
  token: nothing,
  keySetFetch: nothing,
  limited: nothing,
  shed: nothing,
  trigger: nothing,
  outboxAttempt: nothing,
  query: nothing,
  watchConnections: nothing,
  watchOutbox: nothing,
  watchCutoffs: nothing,
  watchKeySetAge: nothing,
};
