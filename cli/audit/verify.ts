import { readRunning } from '../../local/running.ts';
import { obtainAuditSecret } from '../../local/stand-ins.ts';
import type { Config } from '../../src/config.ts';
import { createSealKey, type Fault, type Head, type Tally, verifyTrail } from '../../src/domain/audit-trail/index.ts';
import { StartupError } from '../../src/errors.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';

export type Report = Tally & {
  readonly faultCount: number;
  /** The first of them. */
  readonly faults: readonly Fault[];
};

/** Faults told at most: where a secret is missing there is one for each event. */
const MAX_TOLD = 1_000;
const PROGRESS_AFTER_MS = 2_000;

/** Goes through the whole trail. Throws StartupError where database, secrets or heads are not told. */
export async function verify(config: Config, heads: readonly string[]): Promise<Report> {
  const { url, secrets } = toSource(config);
  const wanted = heads.map(toHead);
  const database = createDatabase({ url, poolSize: 1, preparedStatements: false });
  try {
    return await collect(database, secrets, wanted);
  } finally {
    await database.close();
  }
}

async function collect(database: Database, secrets: readonly string[], heads: readonly Head[]): Promise<Report> {
  const faults: Fault[] = [];
  let faultCount = 0;
  const trail = verifyTrail({ database, keys: secrets.map(createSealKey), heads, onPage: createProgress() });
  for (;;) {
    const { done, value } = await trail.next();
    if (done) return { ...value, faultCount, faults };
    faultCount += 1;
    if (faults.length < MAX_TOLD) faults.push(value);
  }
}

function toSource({ DATABASE_URL, AUDIT_SECRETS, LOCAL_DIR }: Config) {
  if (DATABASE_URL === undefined) {
    const { databaseUrl } = readRunning(LOCAL_DIR);
    return { url: databaseUrl, secrets: AUDIT_SECRETS ?? [obtainAuditSecret(LOCAL_DIR)] };
  }
  if (AUDIT_SECRETS === undefined) throw new StartupError('Set AUDIT_SECRETS, as it is set for the service.');
  return { url: DATABASE_URL, secrets: AUDIT_SECRETS };
}

function toHead(text: string): Head {
  const [, chain, seq, mac] = /^([0-9a-f-]{36}):(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (chain === undefined || seq === undefined || mac === undefined) {
    throw new StartupError(`--head takes <chain>:<seq>:<mac> as the log has them, not ${text}`);
  }
  return { chain, seq: Number(seq), mac };
}

/** Says on stderr how far it is, where that takes long enough to ask oneself. */
function createProgress(): (tally: Tally) => void {
  let toldAt = Date.now();
  return ({ events, chains }) => {
    if (Date.now() - toldAt < PROGRESS_AFTER_MS) return;
    toldAt = Date.now();
    process.stderr.write(`${events} events of ${chains} chains so far\n`);
  };
}
