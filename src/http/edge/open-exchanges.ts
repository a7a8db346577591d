import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request that has not been read to its end, or not been answered to its end. */
export type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

export type OpenExchanges = {
  watch(server: Server): void;
  /** Those of a connection, in order: several when the client did not wait for an answer before it sent on. */
  of(socket: Socket): readonly Exchange[];
};

export function trackExchanges(): OpenExchanges {
  const bySocket = new WeakMap<Socket, readonly Exchange[]>();
  const of = (socket: Socket) => (bySocket.get(socket) ?? []).filter(isOpen);
  return {
    of,
    watch: (server) =>
      server.on('request', (request, response) => {
        const { socket } = request;
        bySocket.set(socket, [...of(socket), { request, response }]);
        response.on('close', () => bySocket.set(socket, of(socket)));
      }),
  };
}

function isOpen({ request, response }: Exchange): boolean {
  return !request.complete || !response.destroyed;
}
