import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { type Product, startBeside } from '../support/product.ts';
import { openSocket, speak, toAnswer, toRequest, untilClosed } from '../support/raw-socket.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const HOST = 'Host: localhost';
const CLOSE = 'Connection: close';
const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ORIGIN = 'https://app.example.com';

let shared: Product;
let product: Product;
let mia: string;
beforeAll(async () => {
  shared = await getSharedProduct();
  product = await startBeside(shared, { app: { corsOrigins: [ORIGIN] } });
  mia = await product.tokenOf('mia@acme.test');
});
afterAll(() => product[Symbol.asyncDispose]());

const send = async (line: string, headers: readonly string[], body?: string) =>
  toAnswer(await speak(product.url, toRequest(line, headers, body)));

describe('the headers of an answer', () => {
  const SECURITY = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };

  it.each([
    ['a query', () => product.query(mia, '{ viewer { kind } }')],
    ['a refusal', () => product.query(null, '{ viewer { kind } }')],
    ['a probe', () => fetch(`${product.url}/livez`)],
    ['an address where nothing is', () => fetch(`${product.url}/nowhere`)],
  ])('to %s let nothing be loaded, framed, guessed or stored', async (_, ask) => {
    const { headers } = await ask();
    expect(Object.fromEntries(headers)).toMatchObject(SECURITY);
  });

  it('do not say what serves it', async () => {
    const { headers } = await product.query(mia, '{ viewer { kind } }');
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
  });

  it('do not bind clients to https who did not come by it', async () => {
    const { headers } = await product.query(mia, '{ viewer { kind } }', {}, { 'x-forwarded-proto': 'https' });
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('bind them where the address outside is https', async () => {
    await using behind = await startBeside(shared, { app: { publicUrl: 'https://identity.acme.test' } });
    const { headers } = await fetch(`${behind.url}/livez`);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});

describe('a preflight', () => {
  const preflight = async (headers: Record<string, string>) =>
    (await fetch(`${product.url}/graphql`, { method: 'OPTIONS', headers: { origin: ORIGIN, ...headers } })).headers;

  it('names the methods and headers a page may use', async () => {
    const headers = await preflight({ 'access-control-request-method': 'POST' });
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    const allowed = headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'x-request-id', 'apollo-require-preflight']),
    );
  });

  it('does not allow whatever is asked for', async () => {
    const headers = await preflight({
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-evil',
    });
    expect(headers.get('access-control-allow-headers')).not.toContain('x-evil');
  });

  it('is told apart by origin in caches', async () => {
    const headers = await preflight({ 'access-control-request-method': 'POST' });
    expect(headers.get('vary')).toMatch(/\borigin\b/i);
  });
});

describe('a method an address does not answer', () => {
  it.each([
    ['/livez', 'POST', 'GET, HEAD'],
    ['/readyz', 'DELETE', 'GET, HEAD'],
    ['/readyz?x=1', 'PUT', 'GET, HEAD'],
    ['/triggers/cognito', 'GET', 'POST'],
    ['/triggers/cognito', 'PATCH', 'POST'],
  ])('at %s: %s is 405, which names %s', async (path, method, allow) => {
    const answer = await fetch(`${product.url}${path}`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(codesOf({ ...answer, headers: answer.headers, text: '', body: await answer.json() })).toEqual([
      'BAD_REQUEST',
    ]);
  });

  it('is 405 with a body of any type', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' };
    expect((await fetch(`${product.url}/livez`, init)).status).toBe(405);
  });

  it.each(['/livez', '/readyz'])('at %s is not HEAD', async (path) => {
    const answer = await fetch(`${product.url}${path}`, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('the head of a request', () => {
  const bearer = (length: number) => `Authorization: Bearer ${'a'.repeat(length)}`;

  it('may hold a bearer of 20 KB, which is the 401 of any bearer that is not good', async () => {
    const [long, short] = await Promise.all(
      [20_000, 20].map((length) => send('POST /graphql HTTP/1.1', [HOST, CLOSE, bearer(length)])),
    );
    expect([long?.status, long?.body]).toEqual([401, short?.body]);
  });

  it.each([
    ['of more than 32 KiB', [bearer(33_000)], 431],
    ['of more than 100 headers', Array.from({ length: 101 }, (_, at) => `X-${at}: 1`), 431],
    ['of more headers than Node reads', Array.from({ length: 3_000 }, () => 'X: 1'), 431],
    ['with two Hosts', [HOST], 400],
  ])('%s is refused in the form of every error', async (_, headers, status) => {
    const answer = await send('POST /graphql HTTP/1.1', [HOST, CLOSE, ...headers]);
    expect(answer).toMatchObject({
      status,
      headers: { 'x-request-id': expect.stringMatching(REQUEST_ID), 'cache-control': 'no-store' },
    });
    expect(JSON.parse(answer.body).errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('without a Host is refused', async () => {
    expect((await send('GET /livez HTTP/1.1', [CLOSE])).status).toBe(400);
  });

  it('without a Host is enough for HTTP/1.0', async () => {
    expect((await send('GET /livez HTTP/1.0', [CLOSE])).status).toBe(200);
  });
});

describe('an expectation', () => {
  const BODY = JSON.stringify({ query: '{ viewer { kind } }' });
  const ask = (expected: string, bearer: string) =>
    speak(
      product.url,
      toRequest(
        'POST /graphql HTTP/1.1',
        [
          HOST,
          `Expect: ${expected}`,
          `Authorization: Bearer ${bearer}`,
          'Content-Type: application/json',
          `Content-Length: ${BODY.length}`,
          CLOSE,
        ],
        BODY,
      ),
    );

  it('of a go-ahead is met where the credential is good', async () => {
    const { received } = await ask('100-continue', await product.tokenOf('mia@acme.test'));
    expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(received).toContain('"kind":"USER"');
  });

  it('of a go-ahead is not met where it is not: the body stays where it is', async () => {
    const answer = toAnswer(await ask('100-continue', 'garbage'));
    expect([answer.status, answer.headers['connection']]).toEqual([401, 'close']);
  });

  it('of anything else is refused in the form of every error', async () => {
    const answer = toAnswer(await ask('miracles', 'garbage'));
    expect([answer.status, JSON.parse(answer.body).errors[0].extensions.code]).toEqual([417, 'BAD_REQUEST']);
    expect(answer.headers['x-request-id']).toMatch(REQUEST_ID);
  });
});

describe('an address', () => {
  it.each([
    ['longer than 8 KB', `/${'a'.repeat(9_000)}`, 414],
    ['with a percent sign that encodes nothing', '/%zz', 400],
    ['that is no UTF-8 once decoded', '/%ff%fe', 400],
    ['with an encoded null', '/livez%00', 404],
    ['with a path upward', '/../../etc/passwd', 404],
    ['with two slashes', '//livez', 404],
    ['in absolute form', 'http://localhost/livez', 200],
    ['in absolute form, of another host', 'http://evil.test/nowhere', 404],
    ['that is an asterisk', '*', 404],
  ])('%s is answered %3$s', async (_, target, status) => {
    const answer = await send(`GET ${target} HTTP/1.1`, [HOST, CLOSE]);
    expect(answer.status).toBe(status);
    expect(answer.headers['x-request-id']).toMatch(REQUEST_ID);
  });
});

describe('a request that two parsers could read differently', () => {
  const SMUGGLED = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const POST = 'POST /livez HTTP/1.1';

  it.each([
    ['both lengths', [HOST, 'Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`],
    ['two lengths', [HOST, 'Content-Length: 0', `Content-Length: ${SMUGGLED.length}`], SMUGGLED],
    ['a length of two numbers', [HOST, 'Content-Length: 0, 5'], SMUGGLED],
    ['a signed length', [HOST, 'Content-Length: +0'], SMUGGLED],
    ['an encoding beside chunked', [HOST, 'Transfer-Encoding: chunked, identity'], SMUGGLED],
    ['an encoding in other spelling', [HOST, 'Transfer-Encoding: xchunked'], `0\r\n\r\n${SMUGGLED}`],
    ['a space before the colon', [HOST, 'Transfer-Encoding : chunked'], `0\r\n\r\n${SMUGGLED}`],
    ['a folded header', [HOST, 'X-Folded: a\r\n b', 'Content-Length: 0'], SMUGGLED],
    ['a header that ends with a bare LF', [HOST, 'X: a\nContent-Length: 0'], SMUGGLED],
    ['a bare CR in a header', [HOST, 'X: a\rContent-Length: 5', 'Content-Length: 0'], SMUGGLED],
    ['a null in a header', [HOST, 'X: a\0b'], SMUGGLED],
    ['a chunk size that is none', [HOST, 'Transfer-Encoding: chunked'], `0x5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
    ['a chunk longer than it says', [HOST, 'Transfer-Encoding: chunked'], `1\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
    ['a line without a header name', [HOST, ': value'], SMUGGLED],
  ])('by %s is refused, and what follows it is not run', async (_, headers, rest) => {
    const { received } = await speak(product.url, toRequest(POST, headers, rest));
    // 405 where the address was refused before the body was: one answer all the same.
    expect(received).toMatch(/^HTTP\/1\.1 40[05] /);
    expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc'],
    ['another version', 'GET /livez HTTP/3.7\r\nHost: localhost\r\n\r\n'],
    ['a method nobody knows', 'STEAL /livez HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a space in the address', 'GET /li vez HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('or is %s is refused in the form of every error', async (_, bytes) => {
    const { status, headers, body } = toAnswer(await speak(product.url, bytes));
    expect([status, JSON.parse(body).errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(headers['x-request-id']).toMatch(REQUEST_ID);
  });

  it('is not answered ahead of the request before it', async () => {
    const first = toRequest('POST /graphql HTTP/1.1', [HOST, 'Content-Length: 0']);
    const { received } = await speak(product.url, `${first}garbage\r\n\r\n`);
    expect(received).not.toMatch(/^HTTP\/1\.1 400/m);
  });
});

describe('what HTTP allows and this service has no use for', () => {
  it('an upgrade is answered as the request it is', async () => {
    const answer = await send('GET /livez HTTP/1.1', [HOST, 'Connection: Upgrade, close', 'Upgrade: websocket']);
    expect(answer.status).toBe(200);
  });

  it('an upgrade to HTTP/2 is too', async () => {
    const answer = await send('GET /livez HTTP/1.1', [
      HOST,
      'Connection: Upgrade, HTTP2-Settings, close',
      'Upgrade: h2c',
    ]);
    expect(answer.status).toBe(200);
  });

  it('a tunnel is not opened: the connection ends', async () => {
    const { received } = await speak(product.url, toRequest('CONNECT evil.test:443 HTTP/1.1', [HOST]));
    expect(received).toBe('');
  });

  it('Expect: 100-continue gets its answer', async () => {
    const headers = [HOST, CLOSE, 'Expect: 100-continue', 'Content-Type: application/json', 'Content-Length: 2'];
    const { received } = await speak(product.url, toRequest('POST /graphql HTTP/1.1', headers, '{}'));
    expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
  });

  it('any other expectation fails', async () => {
    expect((await send('GET /livez HTTP/1.1', [HOST, CLOSE, 'Expect: miracles'])).status).toBe(417);
  });
});

describe('connections beyond the number allowed', () => {
  it('are closed at once, and those there are go on', async () => {
    await using small = await startBeside(shared, { app: { maxConnections: 3 } });
    const held = await Promise.all([1, 2, 3].map(() => speakSlowly(small.url)));
    expect((await speak(small.url, toRequest('GET /livez HTTP/1.1', [HOST, CLOSE]))).received).toBe('');
    for (const finish of held) expect(await finish()).toContain('200 OK');
  });
});

/** Opens a connection with half a request; the other half is sent by what it resolves to. */
async function speakSlowly(url: string): Promise<() => Promise<string>> {
  const socket = await openSocket(url);
  socket.write('GET /livez HTTP/1.1\r\n');
  return async () => {
    socket.write(`${HOST}\r\n${CLOSE}\r\n\r\n`);
    return (await untilClosed(socket)).received;
  };
}
