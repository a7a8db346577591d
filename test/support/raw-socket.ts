import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** All that came back over one connection, and how long the server left it open. */
export type Spoken = { readonly received: string; readonly openMs: number };

const GIVE_UP_MS = 15_000;

export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A reset is one more way for a server to close.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are and listens until the server closes, for 15 seconds at most. */
export async function speak(url: string, bytes: string): Promise<Spoken> {
  const socket = await openSocket(url);
  socket.write(bytes);
  return untilClosed(socket);
}

/** The same, a byte every 200 ms after the head start. */
export async function dribble(url: string, headStart: string, rest: string): Promise<Spoken> {
  const socket = await openSocket(url);
  socket.write(headStart);
  const closed = untilClosed(socket);
  void (async () => {
    for (const byte of rest) {
      await sleep(200);
      if (socket.writable) socket.write(byte);
    }
  })();
  return closed;
}

export async function untilClosed(socket: Socket): Promise<Spoken> {
  const openedAt = performance.now();
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk;
  });
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), GIVE_UP_MS);
  await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  return { received, openMs: performance.now() - openedAt };
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
