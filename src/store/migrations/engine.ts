import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { toEngineAdapter } from './engine-adapter.ts';

export type MigrationEngine = glue.SchemaEngine;

/**
 * Runs `use` with Prisma's own migration engine on the database at `url`. It is the engine of `prisma migrate` built
 * to WebAssembly: nothing is downloaded, and what it writes `prisma migrate` reads. `onScriptError` hears of a migration
 * that failed, in PostgreSQL's own words.
 */
export async function withEngine<T>(
  url: string,
  use: (engine: MigrationEngine) => Promise<T>,
  onScriptError: (sentence: string) => void = () => undefined,
): Promise<T> {
  compiled ??= compile();
  await compiled;
  // The engine locks by session and never unlocks: one connection, closed with it.
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const factory = new PrismaPg(pool);
  try {
    const engine = await glue.SchemaEngine.new(
      { datamodels: undefined },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory({
        provider: factory.provider,
        adapterName: factory.adapterName,
        connect: async () => toEngineAdapter(await factory.connect(), pool, onScriptError),
        connectToShadowDb: () => factory.connectToShadowDb(),
      }),
    );
    return await use(engine);
  } finally {
    await pool.end();
  }
}

let compiled: Promise<void> | undefined;

// The one piece of WebAssembly used, of a global that TypeScript types only together with the browser's.
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: { readonly __wbindgen_start: () => void } } }>;
};

/** Node warns when WebAssembly is imported as a module, so it is compiled by hand. */
async function compile(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const file = join(dirname(entry), 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(file), { './schema_engine_bg.js': toImports() });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** The engine leaves a ten-second deadline running behind a lock it long has; that must not keep the process alive. */
function toImports(): object {
  const setDeadline = (run: () => void, milliseconds: number) => setTimeout(run, milliseconds).unref();
  const named = Object.entries(glue).map(([name, it]) => [
    name,
    name.startsWith('__wbg_setTimeout_') ? setDeadline : it,
  ]);
  return Object.fromEntries(named);
}
