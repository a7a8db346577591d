import { ColumnTypeEnum, DriverAdapterError, type SqlDriverAdapter, type SqlQuery } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Where the engine asks for PostgreSQL's type "char", and what it names the answers. */
const LETTERS = /\b(constr\.contype|con\.confdeltype|con\.confupdtype)\b/g;
const LETTER_COLUMNS = ['constraint_type', 'confdeltype', 'confupdtype'];

/**
 * Prisma's adapter for `pool`, with two faults mended that the migration engine runs into. `onScriptError` hears what
 * PostgreSQL said of a script, of which the engine hands on a part at best.
 */
export function toEngineAdapter(
  adapter: SqlDriverAdapter,
  pool: pg.Pool,
  onScriptError: (sentence: string) => void,
): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    // It cuts scripts at every `;`, through the bodies of functions too. Sent whole, a script is also one transaction.
    executeScript: async (script: string) => {
      await pool.query(script).catch((error: unknown) => {
        if (!(error instanceof pg.DatabaseError)) throw error;
        onScriptError(`${error.message}${toLine(script, error)}`);
        throw toAdapterError(error);
      });
    },
    // It cannot read the type "char", which the engine insists on.
    queryRaw: async (query: SqlQuery) => {
      const sql = query.sql.replace(LETTERS, '$1::text');
      const result = await queryRaw({ ...query, sql });
      if (sql === query.sql) return result;
      const columnTypes = result.columnTypes.map((type, at) =>
        LETTER_COLUMNS.includes(result.columnNames[at] ?? '') ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    },
  });
}

// PostgreSQL counts characters from 1.
function toLine(script: string, { position }: pg.DatabaseError): string {
  if (position === undefined) return '';
  return ` (line ${[...script].slice(0, Number(position)).join('').split('\n').length})`;
}

function toAdapterError(error: pg.DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? '',
    severity: error.severity ?? '',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  });
}
