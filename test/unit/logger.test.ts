import { describe, expect, it } from 'vitest';
import { unavailable } from '../../src/errors.ts';
import { createLogger } from '../../src/observability/logger.ts';

function logged(details: object): string {
  const lines: string[] = [];
  createLogger('info', { write: (line) => lines.push(line) }).info(details, 'happened');
  return lines.join('');
}

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
    const error = Object.assign(new Error('broken'), { client: { secretKey: 4711 }, query: 'select hidden' });
    expect(logged({ err: error })).not.toMatch(/4711|select hidden/);
  });

  it.each(['authorization', 'token', 'secret', 'password'])('leaves out what stands under %s', (name) => {
    expect(logged({ [name]: 'hush' })).not.toContain('hush');
  });
});
