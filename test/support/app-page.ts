import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type AppPage = AsyncDisposable & { readonly origin: string };

/** A frontend as anybody would write one: it calls the API with cookies, and signs in where it is told to. */
const PAGE = `<!doctype html><title>app</title><p id="who"></p><button id="in">Sign in</button><button id="out">Sign out</button>
<script>
const api = new URLSearchParams(location.hash.slice(1)).get('api') ?? sessionStorage.getItem('api');
sessionStorage.setItem('api', api);
const post = (path, body) => fetch(api + path, { method: 'POST', credentials: 'include',
  headers: { 'content-type': 'application/json', 'x-csrf-protection': '1' }, body: JSON.stringify(body ?? {}) });
const signIn = (demands) => location.assign(api + '/session/sign-in?' + new URLSearchParams({ return_to: location.origin + '/', ...demands }));
async function ask(query) {
  const answer = await (await post('/graphql', { query })).json();
  const { code, mfa, maxAuthAgeSeconds: age } = answer.errors?.[0].extensions ?? {};
  if (code === 'STEP_UP_REQUIRED') signIn({ ...(mfa && { mfa }), ...(age !== undefined && { max_age: age }) });
  return answer;
}
async function signOut() { location.assign((await (await post('/session/sign-out')).json()).signOutUrl); }
document.getElementById('in').onclick = () => signIn({});
document.getElementById('out').onclick = signOut;
ask('{ viewer { profile { email } } members(first: 1) { totalCount } }').then(({ data, errors }) => {
  document.getElementById('who').textContent = data?.members ? data.viewer.profile.email : errors[0].extensions.code;
});
</script>`;

/** Serves it on a port of its own, by a name of this machine. `localhost` is of the API's site, `127.0.0.1` is not. */
export async function serveAppPage(host: 'localhost' | '127.0.0.1' = 'localhost', page = PAGE): Promise<AppPage> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${host}:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
