import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export type AppPage = AsyncDisposable & { readonly origin: string };

/** The frontend of docs/browsers.md, with something to show. */
const PAGE = `<!doctype html><title>app</title><p id="who"></p>
<script>
${toScript(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'browsers.md'), 'utf8'))}
// A machine with too much to do answers SERVICE_UNAVAILABLE.
async function show() {
  const { data, errors } = await ask('{ viewer { profile { email } } members(first: 1) { totalCount } }');
  if (data?.members) document.getElementById('who').textContent = data.viewer.profile.email;
  else if (errors[0].extensions.code === 'SERVICE_UNAVAILABLE') setTimeout(show, 1000);
}
show();
</script>`;

/** The address of the API comes behind the page's own. */
function toScript(document: string): string {
  const [, script = ''] = /^```js\n(.*?)^```/ms.exec(document) ?? [];
  return script.replace(/'http:\/\/localhost:4000'/, "location.hash.slice('#api='.length)");
}

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
