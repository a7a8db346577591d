import { describe, expect, it } from 'vitest';
import { unavailable } from '../../src/errors.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { scrub } from '../../src/observability/scrub.ts';

function logged(details: object): string {
  const lines: string[] = [];
  createLogger('info', { write: (line) => lines.push(line) }).info(details, 'happened');
  return lines.join('');
}

const isControl = (char: string) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(char);

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function scrubTimeMs(unit: string, length: number): number {
  const text = unit.repeat(length / unit.length);
  const begun = performance.now();
  scrub(text);
  return performance.now() - begun;
}

/** The least of several tries, up to the first below `enoughMs`: other work of the machine interrupts some of them. */
function bestScrubTimeMs(unit: string, length: number, enoughMs: number): number {
  const TRIES = 15;
  let bestMs = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && bestMs >= enoughMs; tries += 1) {
    bestMs = Math.min(bestMs, scrubTimeMs(unit, length));
  }
  return bestMs;
}

const TOKEN = `${'eyJ'}hbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiJhIn0.c2lnbmF0dXJl`;

describe('the log', () => {
  it('says of an error what it is, its code, its reason and its cause', () => {
    const error = unavailable('database: gone', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    expect(JSON.parse(logged({ err: error })).err).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      reason: 'database: gone',
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    });
  });

  it('leaves out whatever else hangs on an error', () => {
    const error = Object.assign(new Error('broken'), { client: { secretKey: 'never-logged' }, query: 'select hidden' });
    expect(logged({ err: error })).not.toMatch(/never-logged|select hidden/);
  });

  it.each(['secretAccessKey', 'SecretKey', 'sessionToken', 'idToken'])('leaves out text under %s', (name) => {
    expect(logged({ [name]: 'hush', deep: { [name]: 'hush' } })).not.toContain('hush');
  });

  it.each(['authorization', 'token', 'secret', 'password'])('leaves out what stands under %s', (name) => {
    expect(logged({ [name]: 'hush' })).not.toContain('hush');
    expect(logged({ [name]: { of: 'hush' } })).not.toContain('hush');
    expect(logged({ deep: { down: [{ [name]: 'hush "quoted" hush' }] } })).not.toContain('hush');
  });

  it.each([
    ['a token', TOKEN],
    ['a token cut short', TOKEN.slice(0, 40)],
    ['a bearer credential', 'Bearer abcdef0123456789'],
    ['a trigger secret', 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQ='],
    ['a query', 'select secret\n  from users where email = 1'],
    ['a write', 'INSERT INTO users values (1)'],
    ['a change', 'update "users" set email = 1'],
    ['a removal', 'delete\nfrom users'],
  ])('leaves out %s, in whatever text it stands', (_, hidden) => {
    const texts = [{ err: new Error(`broke: ${hidden}`) }, { reason: `broke: ${hidden}` }, { a: [{ b: hidden }] }];
    for (const details of texts) expect(logged(details)).not.toContain(JSON.stringify(hidden).slice(1, -1));
  });

  it('keeps of a connection string all but its password', () => {
    const line = logged({ err: new Error('connect postgres://app:hunter2@db.internal:5432/tenantry') });
    expect(line).toContain('postgres://app:[Redacted]@db.internal:5432/tenantry');
  });

  it('says of an unforeseen error where in this product it came from, and shows no stack', () => {
    const { err } = JSON.parse(
      logged({ err: new Error('odd', { cause: thrownBy(() => createLogger('loud' as never)) }) }),
    );
    expect(err.cause.at).toEqual([expect.stringMatching(/^src\/observability\/logger\.ts:\d+$/)]);
    expect(JSON.stringify(err)).not.toMatch(/node_modules|file:|\\n\s+at /);
  });

  it('takes no frame from a message that is written like one', () => {
    const { err } = JSON.parse(logged({ err: new Error('a\n    at f (/x/src/forged.ts:1:1)') }));
    expect(err.at).not.toContain('src/forged.ts:1');
  });

  it('ends with a cause that is its own', () => {
    const error = new Error('round');
    error.cause = error;
    expect(logged({ err: error }).length).toBeLessThan(2_000);
  });

  it('cuts what an error says at length', () => {
    expect(logged({ err: new Error('x'.repeat(100_000)) }).length).toBeLessThan(1_000);
  });

  it.each(['\n', '\r', '\u0000', '\u001b[2J', '\u0085', '\u009b', '\u2028'])(
    'is one line of JSON, whatever comes with %j',
    (odd) => {
      const line = logged({ reason: `a${odd}{"level":50,"msg":"forged"}` });
      expect(line.split('').filter(isControl)).toEqual(['\n']);
      expect(JSON.parse(line)).toMatchObject({ level: 30, reason: `a${odd}{"level":50,"msg":"forged"}` });
    },
  );

  it.each(['select ', 'eyJ', '"token', 'a://a:', 'update a ', 'bearer ', '\\', 'insert\n'])(
    'takes a time that grows no faster than a text of %j',
    (unit) => {
      const SMALL = 4_096;
      scrubTimeMs(unit, SMALL);
      const smallMs = Math.min(...Array.from({ length: 5 }, () => scrubTimeMs(unit, SMALL)));
      // Sixteen times as long; a quadratic search would take 256 times as long.
      const limitMs = smallMs * 100 + 1;
      expect(bestScrubTimeMs(unit, 16 * SMALL, limitMs)).toBeLessThan(limitMs);
    },
  );
});
