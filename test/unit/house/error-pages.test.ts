import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../src/errors.ts';
import { listFiles } from './tree.ts';

/** Every status an answer with this code may have, in the one media type and in the other. */
const STATUSES: Readonly<Record<ErrorCode, readonly number[]>> = {
  UNAUTHENTICATED: [401],
  TOKEN_STALE: [401],
  FORBIDDEN: [200, 403],
  STEP_UP_REQUIRED: [200, 400],
  TENANT_REQUIRED: [200, 400],
  TENANT_SUSPENDED: [200, 400],
  NOT_FOUND: [200, 404],
  BAD_USER_INPUT: [200, 400],
  CONFLICT: [200],
  RATE_LIMITED: [429],
  PAYLOAD_TOO_LARGE: [413],
  OPERATION_LIMIT_EXCEEDED: [200, 400],
  GRAPHQL_PARSE_FAILED: [200, 400],
  GRAPHQL_VALIDATION_FAILED: [200, 400],
  BAD_REQUEST: [400, 415, 405, 408, 414, 417, 431, 200],
  SERVICE_UNAVAILABLE: [503],
  INTERNAL_SERVER_ERROR: [200, 500],
};

const files = listFiles('docs/errors/*.md');
const pages = files.filter(({ path }) => !path.endsWith('/README.md'));
const index = files.find(({ path }) => path.endsWith('/README.md'))?.text ?? '';
const pageOf = (code: ErrorCode) => pages.find(({ path }) => path === `docs/errors/${code}.md`)?.text ?? '';
/** The paragraph a page gives to a question. */
const answerTo = (code: ErrorCode, question: string) =>
  pageOf(code)
    .split('\n\n')
    .find((paragraph) => paragraph.startsWith(`**${question}**`)) ?? '';

describe('the pages of errors', () => {
  it('are one for each code, and no more', () => {
    expect(pages.map(({ path }) => path)).toEqual([...ERROR_CODES].sort().map((code) => `docs/errors/${code}.md`));
  });

  it('are listed in the order of the codes', () => {
    const listed = [...index.matchAll(/^\| \[(\w+)\]\((\w+)\.md\) \| \S/gm)].map(([, name, page]) => [name, page]);
    expect(listed).toEqual(ERROR_CODES.map((code) => [code, code]));
  });
});

describe.each(ERROR_CODES)('the page of %s', (code) => {
  it('begins with its name', () => {
    expect(pageOf(code)).toMatch(new RegExp(`^# ${code}\n\n\\S`));
  });

  it('names its statuses', () => {
    expect(
      answerTo(code, 'Status')
        .match(/\b\d{3}\b/g)
        ?.map(Number),
    ).toEqual(STATUSES[code]);
  });

  it('shows an answer that carries it', () => {
    const { errors } = JSON.parse(/```json\n([\s\S]*?)```/.exec(pageOf(code))?.[1] ?? '{}');
    expect(errors).toMatchObject([{ message: expect.any(String), extensions: { code } }]);
  });

  it('says why it comes and what a client does', () => {
    expect(answerTo(code, 'Why.').length).toBeGreaterThan(50);
    expect(answerTo(code, 'What to do.').length).toBeGreaterThan(50);
  });
});
