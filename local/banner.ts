import { ADMINS } from '../src/identity/groups.ts';
import { DEMO_PASSWORD, DEMO_USERS, type DemoUser } from './seed/demo.ts';
import { styled } from './terminal.ts';

export type BannerFacts = {
  readonly url: string;
  readonly port: number;
  readonly localDir: string;
  /** Where the local pool answers; null when a real one is used. */
  readonly poolEndpoint: string | null;
  /** A token of the demo user the example is run as; null where the demo password gets none. */
  readonly token: string | null;
  /** Where the database keeps its files; null when it is not ours. */
  readonly dataDir: string | null;
};

/** The demo user whose token the examples carry. */
export const EXAMPLE_USER = 'mia@acme.test';

const EXAMPLE_QUERY = '{ viewer { sub groups profile { email } tenant { slug } } }';

/** What a person needs next, readable at a glance. */
export function toBanner(facts: BannerFacts): string {
  const title = (text: string) => styled('bold', text);
  const lines = [
    '',
    `${title('Tenantry')} answers at ${styled('cyan', `${facts.url}/graphql`)}`,
    '',
    ...(facts.poolEndpoint === null ? [] : toPoolLines(facts, facts.poolEndpoint, title)),
    ...toExample(facts, title),
    ...(facts.dataDir === null
      ? []
      : [`${title('Data')}      ${facts.dataDir} ${styled('dim', `(delete ${facts.localDir} to begin anew)`)}`]),
    `${title('For real')}  set COGNITO_USER_POOL_ID and DATABASE_URL; .env.example lists every setting`,
    styled('dim', 'Ctrl-C stops everything.'),
    '',
  ];
  return lines.join('\n');
}

function toPoolLines({ url, port }: BannerFacts, endpoint: string, title: (text: string) => string): string[] {
  const command = `${port === 4000 ? '' : `PORT=${port} `}npm run -s token -- <email>`;
  return [
    `${title('Sandbox')}   ${styled('cyan', `${url}/graphql`)} ${styled('dim', 'in a browser, with a demo token set')}`,
    `${title('Sign in')}   ${styled('cyan', `http://localhost:${port}/session`)} ${styled('dim', 'as a browser does, with a cookie and no token')}`,
    `${title('Mailbox')}   ${styled('cyan', `${endpoint}/`)} ${styled('dim', 'confirmation codes land here')}`,
    `${title('User pool')} ${endpoint} ${styled('dim', 'for the AWS SDK as `endpoint`')}`,
    '',
    `${title('Demo users')} ${styled('dim', `(password ${DEMO_PASSWORD}; a token: ${command})`)}`,
    ...DEMO_USERS.map((user) => `  ${user.email.padEnd(20)} ${toRoles(user)}`),
    '',
  ];
}

function toRoles({ isPlatformStaff, roles }: DemoUser): string {
  if (isPlatformStaff) return `platform staff (${ADMINS})`;
  return Object.entries(roles)
    .map(([tenant, role]) => `${role} of ${tenant}`)
    .join(', ');
}

function toExample({ url, poolEndpoint, token }: BannerFacts, title: (text: string) => string): string[] {
  if (token !== null) return [title(`Try it as ${EXAMPLE_USER}`), toCurl(url, token), ''];
  if (poolEndpoint === null) return [];
  return [
    styled('dim', `${EXAMPLE_USER} takes more than the demo password by now, so there is no example with a token.`),
    '',
  ];
}

function toCurl(url: string, token: string): string {
  const body = JSON.stringify({ query: EXAMPLE_QUERY });
  return `curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '${body}'`;
}
