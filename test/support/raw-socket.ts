import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENTUALLY } from './eventually.ts';

/** Everything received over one connection, and which side closed it: the client gives up in the end. */
export type Spoken = { readonly received: string; readonly closedBy: 'server' | 'client' };

export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A reset is one more way for a server to close.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are and listens until the server closes. */
export async function speak(url: string, bytes: string): Promise<Spoken> {
  const socket = await openSocket(url);
  socket.write(bytes);
  return untilClosed(socket);
}

const DRIBBLE_MS = 20;

/** The same, a byte every 20 ms after the head start: those of `rest`, over and over until the server closes. */
export async function dribble(url: string, headStart: string, rest: string): Promise<Spoken> {
  const socket = await openSocket(url);
  socket.write(headStart);
  const closed = untilClosed(socket);
  void (async () => {
    for (let index = 0; socket.writable; index += 1) {
      socket.write(rest.charAt(index % rest.length));
      await sleep(DRIBBLE_MS);
    }
  })();
  return closed;
}

export async function untilClosed(socket: Socket): Promise<Spoken> {
  let received = '';
  let closedBy: Spoken['closedBy'] = 'server';
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk;
  });
  socket.resume();
  const timer = setTimeout(() => {
    closedBy = 'client';
    socket.destroy();
  }, EVENTUALLY.timeout);
  // Not by `once` of node:events, which rejects where a reset comes first.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  return { received, closedBy };
}

/** A request to the byte: what a careful client would never send goes in as it is. */
export function toRequest(line: string, headers: readonly string[], body = ''): string {
  return [line, ...headers, '', body].join('\r\n');
}

/** The parts of an answer as it came over the wire. */
export function toAnswer({ received }: Spoken) {
  const [head = '', body = ''] = received.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}
