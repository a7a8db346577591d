import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sendPage } from '../html.ts';
import type { Mailbox } from './mailbox.ts';
import { renderMailboxPage } from './page.ts';

const Query = z.object({ to: z.string().optional() });

/** `GET /` for people, `GET /mailbox.json?to=<address>` for scripts and tests. */
export function addMailboxRoutes(server: FastifyInstance, mailbox: Mailbox): void {
  server.get('/', (_request, reply) => sendPage(reply, renderMailboxPage(mailbox.list())));
  server.get('/mailbox.json', (request, reply) => {
    const query = Query.safeParse(request.query);
    return query.success ? reply.send(mailbox.list(query.data.to)) : reply.code(400).send({ message: 'Give one to=' });
  });
}
