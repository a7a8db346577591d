import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import { PATIENT_DATABASE } from '../support/eventually.ts';

/** A message of PostgreSQL's protocol: its letter, its length, and what it says. */
function toMessage(letter: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(letter), length, body]);
}

const FATAL = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0';
// AuthenticationOk, ReadyForQuery and ErrorResponse in one segment: what a busy client reads of a session ended at once.
const BEGUN_AND_ENDED = Buffer.concat([
  toMessage('R', Buffer.alloc(4)),
  toMessage('Z', Buffer.from('I')),
  toMessage('E', Buffer.from(FATAL)),
]);

let database: Database;
const server = createServer((socket: Socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', () => socket.end(BEGUN_AND_ENDED));
});
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
  const { port } = server.address() as AddressInfo;
  const url = `postgresql://somebody@127.0.0.1:${port}/nothing`;
  database = createDatabase({ url, poolSize: 1, preparedStatements: true, timings: PATIENT_DATABASE });
});
afterAll(async () => {
  await database.close();
  server.close();
});

describe('a session that the server ends in the moment it began', () => {
  it('is told to whoever reads over it, and not to the whole process', async () => {
    const read = database.query(SYSTEM, { name: 'ended-session', text: 'select 1' });
    await expect(read).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is told to whoever writes over it, and not to the whole process', async () => {
    const write = database.transaction(SYSTEM, (tx) => tx.tenant.count());
    await expect(write).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
