import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig, requireComplete, VARIABLE_NAMES } from '../../../src/config.ts';
import { readServices, type Service, type Services } from './container-services.ts';
import { readFile } from './tree.ts';

const COMPOSE = readFile('docker-compose.yml');
/** Both passwords, which PostgreSQL and the URLs to it share. */
const PASSWORDS = ['POSTGRES_PASSWORD', 'DATABASE_PASSWORD'];
const OF_POSTGRES = ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB'];
/** Read by libraries, not by the product: the AWS SDK and OpenTelemetry. */
const OF_LIBRARIES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'OTEL_EXPORTER_OTLP_HEADERS'];
/** Of the owner, of this machine, or the same in every container. */
const NOT_HANDED_ON = ['PORT', 'HOST', 'DATABASE_OWNER_URL', 'KEY_SET_FILE', 'LOCAL_DIR', 'LOCAL_POOL_PORT', 'MODULES'];
const VARIABLE = /\$\{(\w+)(?::([?-])([^}]*))?\}/g;

const every = (services: Services) => Object.values(services);
const ours = ({ api, migrate }: Services) => [api, migrate];
const variablesOf = ({ environment = {} }: Service) => Object.keys(environment);
const roleOf = (service: Service, variable: string) =>
  /^postgres:\/\/(\w+):\$\{\w+:\?/.exec(service.environment?.[variable] ?? '')?.[1] ?? null;
const isRequired = (value: string | null | undefined) => /\$\{\w+:\?[^}]{20,}\}/.test(value ?? '');

/** What no server starts without. */
function requiredNames(): readonly string[] {
  try {
    requireComplete(readConfig({}));
    return [];
  } catch (error) {
    return String(error).match(/\b[A-Z_]{5,}\b/g) ?? [];
  }
}

function usedVariables(services: Services): readonly string[] {
  return [...JSON.stringify(services).matchAll(VARIABLE)].map(([, name = '']) => name);
}

type Check = readonly [promise: string, isHeld: (services: Services) => boolean, right: string, wrong: string];

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
    ({ api }) => api.healthcheck?.test?.join(' ').includes('/readyz') === true,
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
    ({ api }) => !JSON.stringify(api).includes('POSTGRES_PASSWORD') && !variablesOf(api).includes('DATABASE_OWNER_URL'),
    'CORS_ORIGINS:',
    'DATABASE_OWNER_URL:',
  ],
  [
    'is reached from this host alone, and the API alone is',
    (services) =>
      every(services).every((service) =>
        (service.ports ?? []).every((port) => service === services.api && port.startsWith('127.0.0.1:')),
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
    (services) => usedVariables(services).every((name) => [...VARIABLE_NAMES, ...PASSWORDS].includes(name)),
    'TRIGGER_SECRETS:?',
    'TRIGGER_SECRET:?',
  ],
  [
    'says what to do where a setting is missing that has no default',
    ({ api }) => requiredNames().length > 0 && requiredNames().every((name) => isRequired(api.environment?.[name])),
    'COGNITO_CLIENT_IDS:?',
    'COGNITO_CLIENT_IDS:-',
  ],
  [
    'holds no secret itself',
    (services) =>
      every(services).every(({ environment = {} }) =>
        Object.entries(environment).every(
          ([name, value]) => !/PASSWORD|SECRET|TOKEN|_URL$/.test(name) || value === null || isRequired(value),
        ),
      ),
    'AWS_SECRET_ACCESS_KEY:',
    'AWS_SECRET_ACCESS_KEY: abc',
  ],
];

describe('docker-compose.yml', () => {
  it.each(CHECKS)('%s', (_, isHeld) => {
    expect(isHeld(readServices(COMPOSE))).toBe(true);
  });

  it.each(CHECKS)('would be seen where it no longer %s', (_, isHeld, right, wrong) => {
    expect(COMPOSE).toContain(right);
    expect(isHeld(readServices(COMPOSE.replace(right, wrong)))).toBe(false);
  });

  it('has no way out of the inner network', () => {
    expect(parse(COMPOSE).networks.data).toEqual({ internal: true });
  });
});
