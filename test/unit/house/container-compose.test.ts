import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig, requireComplete, VARIABLE_NAMES } from '../../../src/config.ts';
import {
  environmentOf,
  interpolate,
  readServices,
  type Service,
  type Services,
  variablesIn,
} from './container-services.ts';
import { isHealthOf } from './run-health-check.ts';
import { readFile } from './tree.ts';

const COMPOSE = readFile('docker-compose.yml');
const { PORT } = readConfig({});
/** Both passwords, which PostgreSQL and the URLs to it share. */
const PASSWORDS = { POSTGRES_PASSWORD: 'ofTheOwner', DATABASE_PASSWORD: 'ofTheServer' };
const OF_POSTGRES = ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB'];
/** Read by libraries, not by the product: the AWS SDK and OpenTelemetry. */
const OF_LIBRARIES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'OTEL_EXPORTER_OTLP_HEADERS'];
/** Of the owner, of this machine, or the same in every container. */
const NOT_HANDED_ON = ['PORT', 'HOST', 'DATABASE_OWNER_URL', 'KEY_SET_FILE', 'LOCAL_DIR', 'LOCAL_POOL_PORT', 'MODULES'];
const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;
/** A .env that sets everything: to what .env.example shows, and what has no example there to a value of the test. */
const EXAMPLE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...readFile('.env.example').matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  ),
  ...PASSWORDS,
  TRIGGER_SECRETS: SECRET,
  AUDIT_SECRETS: SECRET,
};

const every = (services: Services) => Object.values(services);
const ours = ({ api, migrate }: Services) => [api, migrate];
const variablesOf = ({ environment = {} }: Service) => Object.keys(environment);
const roleOf = (service: Service, variable: string) =>
  URL.parse(environmentOf(service, EXAMPLE)[variable] ?? '')?.username ?? null;

/** What Compose says instead of starting a container with this value, where .env sets nothing; null where it starts it. */
function refusalOf(value: string | null | undefined): string | null {
  try {
    interpolate(value ?? '', {});
    return null;
  } catch (error) {
    return String(error);
  }
}

/** The least that .env must set: the variables without which Compose does not start the service. */
function leastFor({ environment = {} }: Service): Readonly<Record<string, string>> {
  const required = Object.values(environment).filter((value) => value !== null && refusalOf(value) !== null);
  const names = required.flatMap((value) => variablesIn(value ?? ''));
  return Object.fromEntries(Object.entries(EXAMPLE).filter(([name]) => names.includes(name)));
}

function isComplete(environment: Readonly<Record<string, string>>): boolean {
  try {
    requireComplete(readConfig(environment));
    return true;
  } catch {
    return false;
  }
}

/** What no server starts without. */
function requiredNames(): readonly string[] {
  try {
    requireComplete(readConfig({}));
    return [];
  } catch (error) {
    return String(error).match(/\b[A-Z_]{5,}\b/g) ?? [];
  }
}

const usedVariables = (services: Partial<Services>) => variablesIn(JSON.stringify(services));

type Check = readonly [
  promise: string,
  isHeld: (services: Services) => boolean | Promise<boolean>,
  right: string,
  wrong: string,
];

// Each promise, and a change of one place that would break it.
const CHECKS: readonly Check[] = [
  [
    'runs our image read-only, with /tmp in memory',
    (services) =>
      ours(services).every(
        ({ read_only, tmpfs, build }) => build === '.' && read_only === true && tmpfs?.includes('/tmp'),
      ),
    'read_only: true',
    'read_only: false',
  ],
  [
    'runs our image as a user without rights or capabilities',
    (services) =>
      ours(services).every(({ user = '', cap_drop }) => /^[1-9]\d*:[1-9]\d*$/.test(user) && cap_drop?.includes('ALL')),
    'user: "1000:1000"',
    "user: '0:0'",
  ],
  [
    'lets no process gain rights',
    (services) => every(services).every(({ security_opt }) => security_opt?.includes('no-new-privileges:true')),
    'no-new-privileges:true',
    'seccomp:unconfined',
  ],
  [
    'bounds memory and processes',
    (services) =>
      every(services).every(({ mem_limit, pids_limit }) => mem_limit !== undefined && pids_limit !== undefined),
    'pids_limit: 300',
    'cpus: 1',
  ],
  [
    'names the version of every image that is not ours',
    (services) => every(services).every(({ image, build }) => build !== undefined || /:\d+\.\d+$/.test(image)),
    'postgres:18.4',
    'postgres:latest',
  ],
  [
    'asks everything that lasts for its health',
    (services) =>
      [services.api, services.postgres, services.redis].every(({ healthcheck }) => healthcheck?.test?.[0] === 'CMD'),
    'test: [CMD, redis-cli, ping]',
    'disable: true',
  ],
  [
    'takes the API for healthy once it is ready',
    ({ api }) => {
      const [kind, ...command] = api.healthcheck?.test ?? [];
      return kind === 'CMD' && isHealthOf('/readyz', command, { port: PORT, environment: {} });
    },
    '/readyz',
    '/livez',
  ],
  [
    'migrates once the database answers, and starts the API once that is done',
    ({ api, migrate }) =>
      migrate.depends_on?.['postgres']?.condition === 'service_healthy' &&
      api.depends_on?.['migrate']?.condition === 'service_completed_successfully',
    'service_completed_successfully',
    'service_started',
  ],
  [
    'lets the API finish what it has begun: ten seconds at least',
    ({ api }) => Number(/^(\d+)s$/.exec(api.stop_grace_period ?? '')?.[1]) >= 10,
    'stop_grace_period: 15s',
    'stop_grace_period: 5s',
  ],
  [
    'signs in to the database as its owner to migrate, and as another role to serve',
    ({ api, migrate, postgres }) => {
      const owner = postgres.environment?.['POSTGRES_USER'];
      const login = roleOf(api, 'DATABASE_URL');
      return (
        roleOf(migrate, 'DATABASE_OWNER_URL') === owner &&
        login !== null &&
        login !== owner &&
        roleOf(migrate, 'DATABASE_URL') === login
      );
    },
    'postgres://tenantry_app:',
    'postgres://tenantry_owner:',
  ],
  [
    "keeps the owner's password from the API",
    ({ api }) =>
      !usedVariables({ api }).includes('POSTGRES_PASSWORD') && !variablesOf(api).includes('DATABASE_OWNER_URL'),
    'CORS_ORIGINS:',
    'DATABASE_OWNER_URL:',
  ],
  [
    'is reached from this host alone, and the API alone is',
    (services) =>
      every(services).every((service) =>
        (service.ports ?? []).every(
          (port) => service === services.api && interpolate(port, {}) === `127.0.0.1:${PORT}:${PORT}`,
        ),
      ),
    '"127.0.0.1:',
    '"',
  ],
  [
    'keeps what holds data on the inner network alone',
    ({ postgres, redis }) => [postgres, redis].every(({ networks }) => networks?.join() === 'data'),
    'networks: [data]\n    volumes',
    'networks: [outside, data]\n    volumes',
  ],
  [
    'hands the API every setting there is for it',
    ({ api }) =>
      [...variablesOf(api)].sort().join() ===
      [...VARIABLE_NAMES, ...OF_LIBRARIES]
        .filter((name) => !NOT_HANDED_ON.includes(name))
        .sort()
        .join(),
    '      LIMIT_COST:\n',
    '',
  ],
  [
    'sets nothing that nobody reads',
    (services) =>
      every(services)
        .flatMap(variablesOf)
        .every((name) => [...VARIABLE_NAMES, ...OF_LIBRARIES, ...OF_POSTGRES].includes(name)),
    'LIMIT_COST:',
    'LIMIT_PRICE:',
  ],
  [
    'asks for no variable that nobody knows',
    (services) =>
      usedVariables(services).every((name) => [...VARIABLE_NAMES, ...Object.keys(PASSWORDS)].includes(name)),
    'TRIGGER_SECRETS:?',
    'TRIGGER_SECRET:?',
  ],
  [
    'says what to do where a setting is missing that has no default',
    ({ api }) =>
      requiredNames().length > 0 &&
      requiredNames().every((name) => /^Error: put .* into \.env/.test(refusalOf(api.environment?.[name]) ?? '')),
    'COGNITO_CLIENT_IDS:?',
    'COGNITO_CLIENT_IDS:-',
  ],
  [
    'hands the API a complete configuration where no more is set than it asks for',
    ({ api }) => isComplete(environmentOf(api, leastFor(api))),
    'postgres://tenantry_app:',
    'mysql://tenantry_app:',
  ],
  [
    'holds no secret itself',
    (services) =>
      every(services).every(({ environment = {} }) =>
        Object.entries(environment).every(
          ([name, value]) => !/PASSWORD|SECRET|TOKEN|_URL$/.test(name) || value === null || refusalOf(value) !== null,
        ),
      ),
    'AWS_SECRET_ACCESS_KEY:',
    'AWS_SECRET_ACCESS_KEY: abc',
  ],
];

describe('docker-compose.yml', () => {
  it.each(CHECKS)('%s', async (_, isHeld) => {
    expect(await isHeld(readServices(COMPOSE))).toBe(true);
  });

  it.each(CHECKS)('would be seen where it no longer %s', async (_, isHeld, right, wrong) => {
    expect(COMPOSE).toContain(right);
    expect(await isHeld(readServices(COMPOSE.replace(right, wrong)))).toBe(false);
  });

  it('has no way out of the inner network', () => {
    expect(parse(COMPOSE).networks.data).toEqual({ internal: true });
  });
});
