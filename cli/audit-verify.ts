import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { AppError } from '../src/errors.ts';
import { toReport } from './audit/report.ts';
import { verify } from './audit/verify.ts';

const USAGE = `npm run -s audit:verify

Goes through the audit trail and names every event that was changed, removed, put in or moved since it was sealed, and every
seal that does not fit. Without DATABASE_URL it looks at the product that runs with a local user pool.

  DATABASE_URL        signs in as the service does
  AUDIT_SECRETS       every secret that ever sealed
  --head <chain>:<seq>:<mac>
                      as the log has it ("audit head"); may be repeated. Without one, nobody can tell that the end of a chain
                      was cut off, or a chain begun anew, by whoever owns the database
  --json              for machines

Exit code: 0 all is as it was sealed, 2 something is not, 1 a mistake.`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  head: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

try {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) console.log(USAGE);
  else {
    const report = await verify(readConfig(process.env), values.head ?? []);
    console.log(values.json ? JSON.stringify(report, null, 2) : toReport(report));
    process.exitCode = report.faultCount === 0 ? 0 : 2;
  }
} catch (error) {
  const reason = error instanceof AppError ? error.reason : undefined;
  console.error(reason ?? (error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
