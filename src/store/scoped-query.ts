import type { EventEmitter } from 'node:events';
import pg from 'pg';
import { assertOneText } from './one-text.ts';
import { type Scope, SET_SCOPE, toScopeSettings } from './scope.ts';
import { stampRow } from './stamp.ts';
import { toWireText, type WireValue } from './wire-value.ts';

/** SQL with a name, of 54 bytes at most. One name means one text, for good: the server keeps its plan under it. */
export type Statement = { readonly name: string; readonly text: string };

export type ScopedQueryOptions = {
  /** Keep plans on the server under their names. Off behind PgBouncer below 1.21, which loses them. */
  readonly preparedStatements: boolean;
  /** Milliseconds after which the server cancels the statement and keeps the connection. */
  readonly statementTimeoutMs: number;
  /** Milliseconds from submission to the last row; past them the connection is destroyed. */
  readonly answerTimeoutMs: number;
};

type Connection = EventEmitter & {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly (string | null)[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
  sync(): void;
};

type Field = { readonly name: string; readonly dataTypeID: number };
type Column = { readonly name: string; readonly parse: (text: string) => unknown };
type Outcome<Row> =
  | { readonly ok: true; readonly rows: Row[] }
  | { readonly ok: false; readonly error: Error; readonly reusable: boolean };

const SCOPE_STATEMENT = 'scope';
const INT8 = 20;

// The names each connection's server side is known to hold.
const parsedNames = new WeakMap<Connection, Set<string>>();

function toColumn({ name, dataTypeID }: Field): Column {
  return { name, parse: dataTypeID === INT8 ? Number : pg.types.getTypeParser(dataTypeID) };
}

/**
 * One statement under one scope in one round trip. Everything up to a Sync is a single implicit transaction
 * (PostgreSQL, Extended Query), so the settings made by the first statement hold for the second and for nothing after it,
 * whether it succeeds or fails.
 */
class ScopedQuery<Row extends object> {
  readonly #scope: Scope;
  readonly #name: string;
  readonly #text: string;
  readonly #values: readonly (string | null)[];
  readonly #options: ScopedQueryOptions;
  readonly #settle: (outcome: Outcome<Row>) => void;
  readonly #rows: Row[] = [];
  #columns: readonly Column[] = [];
  #scopeIsSet = false;
  #bound = false;

  constructor(
    scope: Scope,
    statement: Statement,
    values: readonly (string | null)[],
    options: ScopedQueryOptions,
    settle: (outcome: Outcome<Row>) => void,
  ) {
    this.#scope = scope;
    // The plan holds the policies of the role it was made under: a name of its own for each reach.
    this.#name = `${scope.reach}:${statement.name}`;
    this.#text = statement.text;
    this.#values = values;
    this.#options = options;
    this.#settle = settle;
  }

  submit(connection: Connection): null {
    connection.stream.cork();
    try {
      this.#prepare(
        connection,
        SCOPE_STATEMENT,
        SET_SCOPE,
        toScopeSettings(this.#scope, this.#options.statementTimeoutMs),
      );
      connection.execute({});
      this.#prepare(connection, this.#name, this.#text, this.#values);
      connection.describe({ type: 'P', name: '' });
      connection.execute({});
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    return null;
  }

  #prepare(connection: Connection, name: string, text: string, values: readonly (string | null)[]): void {
    const { preparedStatements } = this.#options;
    const statement = preparedStatements ? name : '';
    if (!preparedStatements || !parsedNames.get(connection)?.has(name)) connection.parse({ name: statement, text });
    connection.bind({ statement, values });
  }

  handleRowDescription(message: { readonly fields: readonly Field[] }): void {
    this.#bound = true;
    this.#columns = message.fields.map(toColumn);
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    if (!this.#scopeIsSet) return;
    const row: Record<string, unknown> = {};
    this.#columns.forEach(({ name, parse }, index) => {
      const text = message.fields[index];
      row[name] = text == null ? null : parse(text);
    });
    this.#rows.push(stampRow(row as Row, this.#scope));
  }

  handleCommandComplete(): void {
    this.#scopeIsSet = true;
  }

  handleEmptyQuery(): void {}

  handleError(error: Error, connection: Connection): void {
    // Without the row description the parse or the bind failed, and which names the server knows is uncertain.
    if (!this.#bound) {
      this.#settle({ ok: false, error, reusable: false });
      return;
    }
    // Both names stand on the server, though the transaction that made them failed: names are not transactional. An error
    // that ends the session reads like any other, so the connection is good again only when the server says so.
    this.#rememberNames(connection);
    connection.once('readyForQuery', () => this.#settle({ ok: false, error, reusable: true }));
  }

  handleReadyForQuery(connection: Connection): void {
    this.#rememberNames(connection);
    this.#settle({ ok: true, rows: this.#rows });
  }

  #rememberNames(connection: Connection): void {
    const names = parsedNames.get(connection) ?? new Set();
    parsedNames.set(connection, names.add(SCOPE_STATEMENT).add(this.#name));
  }
}

/**
 * Reads rows under a scope, each stamped with it. Throws the database's error; the connection it came over returns to the
 * pool only when its state is known.
 */
export async function scopedQuery<Row extends object>(
  pool: pg.Pool,
  options: ScopedQueryOptions,
  scope: Scope,
  statement: Statement,
  values: readonly WireValue[],
): Promise<Row[]> {
  // Before a connection is taken: what cannot be sent must neither keep one nor leave half a message on it.
  assertOneText(statement);
  const texts = values.map(toWireText);
  const client = await pool.connect();
  const { promise, resolve: settle } = Promise.withResolvers<Outcome<Row>>();
  const giveUp = (error: Error) => settle({ ok: false, error, reusable: false });
  const timer = setTimeout(
    () => giveUp(new Error(`no answer within ${options.answerTimeoutMs} ms`)),
    options.answerTimeoutMs,
  );
  // A client that is out of its pool has no other listener, and Node ends the process over an error nobody listens to.
  client.on('error', giveUp);
  client.query(asSubmittable(new ScopedQuery<Row>(scope, statement, texts, options, settle)));
  const outcome = await promise;
  clearTimeout(timer);
  client.off('error', giveUp);
  if (outcome.ok) {
    client.release();
    return outcome.rows;
  }
  client.release(outcome.reusable ? undefined : outcome.error);
  throw outcome.error;
}

// pg's typings describe `submit` over its public Connection class; the wire methods used above are on the same object.
function asSubmittable<Row extends object>(query: ScopedQuery<Row>): pg.Submittable {
  return query as unknown as pg.Submittable;
}
