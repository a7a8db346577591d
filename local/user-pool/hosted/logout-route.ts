import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../html.ts';
import { toSearch } from '../oauth/parameters.ts';
import type { ServerOptions } from '../server-options.ts';
import { renderErrorPage } from './pages.ts';
import { closeSignOn } from './sign-on.ts';

/** `GET /logout`: ends the browser's sign-in and sends it to exactly one of the app client's LogoutURLs, nowhere else. */
export function addLogoutRoute(server: FastifyInstance, { pool }: ServerOptions): void {
  server.get('/logout', (request, reply) => {
    const all = new URLSearchParams(toSearch(request.url));
    const [target = '', ...more] = all.getAll('logout_uri');
    const client = pool.state.clients.get(all.get('client_id') ?? '');
    if (more.length > 0 || !client?.logoutUrls.includes(target)) {
      return sendPage(reply.code(400), renderErrorPage("The logout_uri is none of the app client's LogoutURLs."));
    }
    reply.header('set-cookie', closeSignOn(pool, request.headers.cookie)).header('cache-control', 'no-store');
    return reply.redirect(target, 302);
  });
}
