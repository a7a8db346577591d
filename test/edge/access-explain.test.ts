import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../cli/access/explain.ts';
import type { Who } from '../../cli/access/read-caller.ts';
import type { Asked } from '../../cli/access/read-request.ts';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { readConfig } from '../../src/config.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { idsOf, toUserClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

let product: Product;
let runs: ReturnType<typeof runAll>;
beforeAll(async () => {
  product = await getSharedProduct();
  runs = runAll();
});

const portOf = (url: string) => new URL(url).port;
/** The environment of somebody whose product runs on these ports. */
const environment = () => ({ PORT: portOf(product.url), LOCAL_POOL_PORT: portOf(product.pool.endpoint) });

type Options = Partial<Who & Omit<Asked, 'document'>>;

/** What is said of a document, with the verdict on each field in a line. */
async function explainAs(as: string | undefined, document: string, options: Options = {}) {
  const { token, tenant, password = DEMO_PASSWORD, variables = '{}', operationName } = options;
  const asked = { document, variables, operationName };
  const explanation = await explain(readConfig(environment()), { as, token, tenant, password }, asked);
  const verdicts = explanation.fields.map(({ path, code, verdict }) => `${path} ${code ?? verdict}`);
  return { ...explanation, verdicts };
}

/** A command itself. */
function run(args: readonly string[], stdin = '', script = 'cli/access-explain.ts') {
  const options = { env: { PATH: process.env['PATH'], ...COMPILE_CACHE, ...environment() } };
  return new Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>((resolve) => {
    const child = execFile(process.execPath, [script, ...args], options, (_error, output, errors) =>
      resolve({ code: child.exitCode, output, errors }),
    );
    child.stdin?.end(stdin);
  });
}

const CHANGE_ROLE =
  'mutation { changeMemberRole(input: { membershipId: "0a000000-0000-4000-8000-000000000001", role: ADMIN }) { membership { role } } }';

/** All commands at the same time: most of what each takes is its start. */
function runAll() {
  return {
    denied: run(['--as', 'mia@acme.test', CHANGE_ROLE]),
    allowed: run(['--as', 'adam@acme.test'], CHANGE_ROLE),
    invalid: run(['--json', '--as', 'mia@acme.test', '{ viewr { sub } }']),
    token: run(['dora@both.test', '--tenant', 'globex'], '', 'cli/token.ts'),
  };
}

describe('npm run access:explain', () => {
  it('says why a member may not change a role, where that is written, and that nothing is done', async () => {
    const { code, output } = await runs.denied;
    expect(code).toBe(2);
    expect(output).toMatch(
      /✗ denied {7}changeMemberRole .*Mutation\.changeMemberRole\n.*FORBIDDEN, missing: the group TenantAdmins/,
    );
    expect(output).toMatch(
      /@auth\(groups: \["TenantAdmins"\]\) {2}Mutation\.changeMemberRole, schema\/membership\.graphql:\d+/,
    );
    expect(output).toMatch(/· not reached {2}changeMemberRole\.membership\.role/);
    expect(output.trimEnd().split('\n').at(-1)).toBe(
      'Nothing is done: a mutation with a denied field is refused whole (FORBIDDEN).',
    );
  });

  it('ends with 0 where all is allowed, of a document on stdin, without a colour', async () => {
    const { code, output } = await runs.allowed;
    expect({ code, isColoured: output.includes('\u001b') }).toEqual({ code: 0, isColoured: false });
    expect(output).not.toMatch(/denied|not reached/);
  });

  it('ends with 1 where the document is not valid, and prints no more than why', async () => {
    const { code, output, errors } = await runs.invalid;
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('1:3 Cannot query field "viewr" on type "Query".');
  });
});

describe('npm run token, which signs in the same way,', () => {
  it('prints an access token alone, for the tenant that is asked for', async () => {
    const { tenantId } = await idsOf(product, 'gina@globex.test', 'globex');
    const { code, output } = await runs.token;
    const { body } = await product.query(output.trim(), '{ viewer { tenantId } }');
    expect({ code, body }).toEqual({ code: 0, body: { data: { viewer: { tenantId } } } });
  });
});

describe('an explanation', () => {
  it('says what the server answers', async () => {
    const query = '{ viewer { sub } members { totalCount } tenants { nodes { slug } } users { totalCount } }';
    const { body } = await product.query(await product.tokenOf('mia@acme.test'), query);
    const refused: string[] = body.errors.map(({ path }: { path: string[] }) => path.join('.'));
    const { verdicts, outcome } = await explainAs('mia@acme.test', query);
    expect(verdicts.filter((verdict) => verdict.endsWith('FORBIDDEN'))).toEqual(
      refused.map((path) => `${path} FORBIDDEN`),
    );
    expect(outcome).toEqual({
      isAllowed: false,
      text: `It runs, and answers null and an error at: ${refused.join(', ')}.`,
    });
  });

  it('changes nothing', async () => {
    const { membershipId } = await idsOf(product, 'mia@acme.test', 'acme');
    const change = CHANGE_ROLE.replace(/"0a[^"]*"/, `"${membershipId}"`);
    expect((await explainAs('olivia@acme.test', change)).outcome.isAllowed).toBe(true);
    const rows = await product.sql('select role from memberships where id = $1', [membershipId]);
    expect(rows).toEqual([{ role: 'MEMBER' }]);
  });

  it('tells a caller without a tenant that one is missing', async () => {
    const { fields } = await explainAs('root@tenantry.test', '{ tenant { name } }');
    expect(fields[0]).toMatchObject({ code: 'TENANT_REQUIRED', missing: 'a tenant in the token' });
  });

  it('speaks for the tenant that is asked for', async () => {
    const { tenantId } = await idsOf(product, 'gina@globex.test', 'globex');
    const { caller } = await explainAs('dora@both.test', '{ viewer { sub } }', { tenant: 'globex' });
    expect(caller?.tenantId).toBe(tenantId);
  });

  it('reads variables, and one operation of several', async () => {
    const { tenantId } = await idsOf(product, 'gina@globex.test', 'globex');
    const document = 'query A { viewer { sub } } query B($id: ID) { tenant(id: $id) { name } }';
    const options = { operationName: 'B', variables: JSON.stringify({ id: tenantId }) };
    const { fields } = await explainAs('mia@acme.test', document, options);
    expect(fields[0]).toMatchObject({ coordinate: 'Query.tenant', code: 'NOT_FOUND' });
  });
});

describe('an explanation to anonymous', () => {
  it('lets through what is public', async () => {
    const { caller, outcome } = await explainAs('anonymous', '{ health { status } }');
    expect({ caller, isAllowed: outcome.isAllowed }).toEqual({ caller: null, isAllowed: true });
  });

  it('says that anything else is one 401 for the whole request', async () => {
    const { verdicts, outcome } = await explainAs('anonymous', '{ health { status } viewer { sub } }');
    expect(verdicts).toEqual([
      'health allowed',
      'health.status allowed',
      'viewer UNAUTHENTICATED',
      'viewer.sub not reached',
    ]);
    expect(outcome).toMatchObject({ isAllowed: false, text: expect.stringContaining('401') });
  });

  it('says so of introspection too, which names no field with a rule', async () => {
    expect((await explainAs('anonymous', '{ __schema { types { name } } }')).outcome.isAllowed).toBe(false);
  });
});

describe('an explanation by token', () => {
  it('believes the token, and says that it did', async () => {
    const token = await product.tokenOf('adam@acme.test');
    const forged = `${token.split('.').slice(0, 2).join('.')}.AAAA`;
    const { caller, outcome, notes } = await explainAs(undefined, CHANGE_ROLE, { token: forged });
    expect(outcome.isAllowed).toBe(true);
    expect(caller?.groups).toEqual(['Users', 'TenantAdmins', 'TenantMembers']);
    expect(notes).toEqual(['The token was read and not verified.']);
  });

  it('says of one that has ended that the server takes it no more', async () => {
    const { sub } = await idsOf(product, 'mia@acme.test', 'acme');
    const past = Math.floor(Date.now() / 1000) - 7200;
    const claims = toUserClaims(product, sub, { iat: past, auth_time: past, exp: past + 60 });
    const token = await product.pool.signToken(claims);
    expect((await explainAs(undefined, '{ viewer { sub } }', { token })).notes[1]).toContain('the server answers 401');
  });
});

describe('nothing is explained, and what is wrong is said,', () => {
  const VIEWER = '{ viewer { sub } }';
  const TWO = 'query A { health { status } } query B { health { status } }';

  it.each<[string, string | undefined, string, Options, string]>([
    ['of a document that does not parse', 'mia@acme.test', '{', {}, 'Syntax Error'],
    ['of variables that are no JSON', 'mia@acme.test', VIEWER, { variables: 'id=1' }, '--variables takes'],
    ['of variables that are a list', 'mia@acme.test', VIEWER, { variables: '[]' }, '--variables takes'],
    ['without a variable', 'mia@acme.test', 'query ($id: ID!) { member(id: $id) { role } }', {}, '"$id"'],
    ['after a wrong password', 'mia@acme.test', VIEWER, { password: 'no' }, 'Incorrect username or password'],
    ['for a tenant of others', 'mia@acme.test', VIEWER, { tenant: 'globex' }, 'Not a member of globex'],
    ['of a token that is none', undefined, VIEWER, { token: 'abc' }, 'token: not'],
    ['to nobody', undefined, VIEWER, {}, 'Say who asks'],
    ['to two at once', 'mia@acme.test', VIEWER, { token: 'abc' }, 'Say who asks'],
    ['of several operations', 'anonymous', TWO, {}, '--operation'],
  ])('%s', async (_what, as, document, options, message) => {
    await expect(explainAs(as, document, options)).rejects.toThrow(message);
  });
});
