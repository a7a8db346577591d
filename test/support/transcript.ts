import { subscribe } from 'node:diagnostics_channel';
import { openSync, writeSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { inject } from 'vitest';
import { createLogger } from '../../src/observability/logger.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where everything is kept that products of the run logged and answered. */
    readonly transcriptFolder: string;
  }
}

/** Where everything is kept that products of this test file logged and answered. */
export const TRANSCRIPT = join(inject('transcriptFolder'), `${process.pid}-${threadId}.jsonl`);

const file = openSync(TRANSCRIPT, 'a');

const append = (line: string) => writeSync(file, line);

/** The log of a product under test: whole, and read through at the end of the run (find-leaks.ts). */
export function createTranscriptLog() {
  return createLogger('debug', { write: append });
}

/** The same for a test that reads the lines itself. */
export function captureLog(level: 'debug' | 'info' = 'debug') {
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    append(line);
  };
  return { log: createLogger(level, { write }), lines };
}

// Whoever asks, by whatever client: each answer is taken where it leaves. Answers of stand-ins for AWS, which give tokens
// to whom they belong, have no request id; nor is Sandbox's page kept, which carries a developer's own token on purpose.
subscribe('http.server.request.start', (message) => {
  const { response } = message as { readonly response: ServerResponse };
  const parts = recordParts(response);
  response.once('close', () => {
    const answer = JSON.stringify([response.statusCode, response.getHeaders(), ...parts.map(toText)]);
    if (answer.includes('"x-request-id"') && !answer.includes('"text/html')) append(`${answer}\n`);
  });
});

function recordParts(response: ServerResponse): readonly unknown[] {
  const parts: unknown[] = [];
  for (const name of ['writeHead', 'write', 'end'] as const) {
    const method: (...args: never[]) => unknown = response[name];
    Object.defineProperty(response, name, {
      value: (...args: never[]) => {
        parts.push(...args);
        return method.apply(response, args);
      },
    });
  }
  return parts;
}

function toText(part: unknown): unknown {
  return part instanceof Uint8Array ? Buffer.from(part).toString() : part;
}
