import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../../src/errors.ts';

export const OWNER = 'tenantry_owner';
export const LOGIN = 'tenantry_app';
export const DATABASE = 'tenantry';

/** Passwords of the owner and of the login role. */
export type Credentials = { readonly owner: string; readonly login: string };

/** Reads the passwords kept in `folder`, readable by us alone; makes them before the cluster is there. */
export function obtainCredentials(folder: string, dataDir: string): Credentials {
  const file = join(folder, 'credentials.json');
  if (!existsSync(file)) {
    if (existsSync(dataDir)) {
      throw new StartupError(
        `The passwords of the local database (${file}) are gone: delete ${dataDir} to begin anew.`,
      );
    }
    const made: Credentials = { owner: makePassword(), login: makePassword() };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
    return made;
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
}

export function toUrl(user: string, password: string, port: number, database: string = DATABASE): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

function makePassword(): string {
  return randomBytes(24).toString('base64url');
}
