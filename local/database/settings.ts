/** What PostgreSQL's programs run with: none of the caller's PG* variables, messages in English. */
export const CLEAN_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' } as const;

/** Small enough for a laptop; no socket file, so a port and a password are the only way in. */
const ALWAYS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A failed statement's text may hold a password or personal data.
  log_min_error_statement: 'panic',
} as const;

const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

export function toServerArguments(port: number, durable: boolean): readonly string[] {
  const settings = { ...ALWAYS, ...(durable ? {} : FORGETFUL), port: String(port) };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
