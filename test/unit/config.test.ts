import { describe, expect, it } from 'vitest';
import { readConfig, requireComplete } from '../../src/config.ts';

const SECRET = 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtb2YtMzItYnl0ZXM=';
const COMPLETE = {
  DATABASE_URL: 'postgres://app:secret@db.example.com:5432/tenantry',
  COGNITO_USER_POOL_ID: 'eu-west-1_AbCdEfGhI',
  COGNITO_CLIENT_IDS: 'one, two',
  TRIGGER_SECRETS: SECRET,
  AUDIT_SECRETS: SECRET,
  SIGN_UP_ALLOWED_DOMAINS: 'acme.com',
};

const problemsOf = (environment: Record<string, string>) => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ name: 'StartupError' });
    return (error as Error).message.split('\n');
  }
};

describe('readConfig', () => {
  it('gives defaults where no security choice hangs on them', () => {
    expect(readConfig({})).toMatchObject({
      PORT: 4000,
      DEFAULT_GROUP: 'Users',
      TENANT_CLAIM: 'tenant_id',
      DATABASE_PREPARED_STATEMENTS: true,
      SIGN_UP_AUTO_CONFIRM_DOMAINS: [],
    });
  });

  it('takes an empty value for one that is not set', () => {
    expect(readConfig({ COGNITO_USER_POOL_ID: '', PORT: '' })).toEqual(readConfig({}));
  });

  it('splits lists at commas and drops what is empty', () => {
    expect(readConfig({ COGNITO_CLIENT_IDS: ' one,, two ,' }).COGNITO_CLIENT_IDS).toEqual(['one', 'two']);
  });

  it.each(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', 'loopback', 'uniquelocal', 'linklocal'])(
    'trusts a proxy told as %s',
    (range) => {
      expect(readConfig({ TRUSTED_PROXIES: range }).TRUSTED_PROXIES).toEqual([range]);
    },
  );

  it('tells a limit that is off from one that is not set', () => {
    expect(readConfig({ RATE_LIMIT_CALLER: 'off' }).RATE_LIMIT_CALLER).toBeNull();
    expect(readConfig({}).RATE_LIMIT_CALLER).toBeUndefined();
  });

  it('reads domains in lower case', () => {
    expect(readConfig({ SIGN_UP_ALLOWED_DOMAINS: 'ACME.com,*' }).SIGN_UP_ALLOWED_DOMAINS).toEqual(['acme.com', '*']);
  });

  it.each(['no-reply@acme.com', 'Acme <no-reply@acme.com>', 'Müller & Söhne <post@acme.com>'])(
    'takes %s for who mail is from',
    (sender) => {
      expect(readConfig({ MAIL_FROM: sender }).MAIL_FROM).toBe(sender);
    },
  );

  it('leaves other variables of the machine alone', () => {
    expect(readConfig({ HOME: '/root', PATH: '/bin' })).toEqual(readConfig({}));
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '4000.5'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://app.acme.com/'],
    ['CORS_ORIGINS', 'null'],
    ['PUBLIC_URL', 'identity.acme.com'],
    ['PUBLIC_URL', 'ftp://identity.acme.com'],
    ['TRUSTED_PROXIES', 'everybody'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '::/0'],
    ['TRUSTED_PROXIES', '0.0.0.0/1,128.0.0.0/1'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', '10.0.0.1, 2'],
    ['RATE_LIMIT_CALLER', '0'],
    ['RATE_LIMIT_CALLER', 'none'],
    ['RATE_LIMIT_STORE', 'mysql'],
    ['RATE_LIMIT_STORE', 'http://redis:6379'],
    ['DRAIN_SECONDS', '9'],
    ['LIMIT_DEPTH', '0'],
    ['LIMIT_BEARER_BYTES', '1000000'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['DATABASE_URL', 'acme'],
    ['DATABASE_URL', 'mysql://db/acme'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_PREPARED_STATEMENTS', 'yes'],
    ['GRAPHQL_SANDBOX', 'true'],
    ['COGNITO_USER_POOL_ID', 'AbCdEfGhI'],
    ['COGNITO_USER_POOL_ID', 'eu-west-1_Ab/../evil'],
    ['COGNITO_IDENTITY_POOL_ID', 'eu-west-1_AbCdEfGhI'],
    ['COGNITO_IDENTITY_POOL_ID', 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef.evil.test'],
    ['TRIGGER_SECRETS', 'secret'],
    ['TRIGGER_SECRETS', 'whsec_c2hvcnQ='],
    ['TRIGGER_SECRETS', `${SECRET},short`],
    ['SIGN_UP_ALLOWED_DOMAINS', 'acme'],
    ['SIGN_UP_ALLOWED_DOMAINS', '*.acme.com'],
    ['SIGN_UP_AUTO_CONFIRM_DOMAINS', '@acme.com'],
    ['TENANT_CLAIM', 'custom:tenant'],
    ['TENANT_CLAIM', '__proto__'],
    ['SMTP_URL', 'mail.acme.com:465'],
    ['SMTP_URL', 'http://mail.acme.com'],
    ['MAIL_FROM', 'Acme'],
    ['MAIL_FROM', 'Acme <no-reply@acme.com>, Eve <eve@evil.com>'],
    ['MAIL_FROM', 'no-reply@acme.com\r\nBcc: eve@evil.com'],
    ['INVITATION_URL', 'app.acme.com/invitation'],
    ['INVITATION_URL', 'https://app.acme.com/#/invitation'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s in one line that names it', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name} `)]);
  });

  it('names all problems at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x', TENANT_CLAIM: '-' })).toHaveLength(3);
  });

  it('never repeats a value, which may be a secret', () => {
    const secret = 'not-for-the-log';
    const problems = problemsOf({ TRIGGER_SECRETS: secret, DATABASE_URL: secret, COGNITO_USER_POOL_ID: secret });
    expect(problems.join()).not.toContain(secret);
  });
});

describe('a setting that would open something', () => {
  it.each([
    ['DEFAULT_GROUP', 'Admins'],
    ['DEFAULT_GROUP', 'tenant-owners'],
    ['SIGN_UP_AUTO_CONFIRM_DOMAINS', '*'],
    ['TENANT_CLAIM', 'sub'],
    ['TENANT_CLAIM', 'scope'],
    ['TENANT_CLAIM', 'tenant_role'],
  ])('is refused: %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must `))]);
  });
});

describe('requireComplete', () => {
  it('lets a complete configuration through as it is', () => {
    const config = readConfig(COMPLETE);
    expect(requireComplete(config)).toEqual(config);
  });

  it.each(Object.keys(COMPLETE))('refuses one without %s', (name) => {
    const config = readConfig({ ...COMPLETE, [name]: '' });
    expect(() => requireComplete(config)).toThrow(new RegExp(`^${name} is not set`));
  });

  it.each(['COGNITO_CLIENT_IDS', 'TRIGGER_SECRETS', 'AUDIT_SECRETS', 'SIGN_UP_ALLOWED_DOMAINS'])(
    'refuses an empty list for %s',
    (name) => {
      const config = readConfig({ ...COMPLETE, [name]: ' , ' });
      expect(() => requireComplete(config)).toThrow(new RegExp(`^${name} is not set`));
    },
  );
});
