import { describe, expect, it } from 'vitest';
import { toStandIns } from '../../local/stand-ins.ts';
import { readConfig } from '../../src/config.ts';

const standInsFor = (environment: Record<string, string>) => toStandIns(readConfig(environment));

describe('the parts that stand in for AWS', () => {
  it('are both where nothing is set', () => {
    expect(standInsFor({})).toEqual({ database: true, userPool: true });
  });

  it('are the pool alone beside a database of this machine', () => {
    expect(standInsFor({ DATABASE_URL: 'postgres://a:b@localhost/t' })).toEqual({ database: false, userPool: true });
  });

  it('are the database alone beside a real pool', () => {
    expect(standInsFor({ COGNITO_USER_POOL_ID: 'eu-west-1_Abc', COGNITO_CLIENT_IDS: 'x', HOST: '0.0.0.0' })).toEqual({
      database: true,
      userPool: false,
    });
  });

  it.each(['127.0.0.1', 'localhost', '::1'])('may listen on %s', (HOST) => {
    expect(standInsFor({ HOST })).toMatchObject({ userPool: true });
  });

  it.each([
    [
      'an identity pool of AWS',
      { COGNITO_IDENTITY_POOL_ID: 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef' },
      /COGNITO_IDENTITY_POOL_ID is/,
    ],
    ['the browser client of a real pool', { SESSION_CLIENT_ID: 'client' }, /SESSION_CLIENT_ID is/],
    ['client ids of a real pool', { COGNITO_CLIENT_IDS: 'client' }, /COGNITO_CLIENT_IDS is/],
    [
      'a database on another machine',
      { DATABASE_URL: 'postgres://a:b@db.example.com/t' },
      /DATABASE_URL is not on this/,
    ],
    [
      'a database on a machine named like this one',
      { DATABASE_URL: 'postgres://a:b@localhost.example.com/t' },
      /DATABASE_URL is not on this/,
    ],
    ['an address for other machines', { HOST: '0.0.0.0' }, /HOST is 0\.0\.0\.0/],
    ['an address of the network', { HOST: '192.168.1.7', NODE_ENV: 'development' }, /HOST is 192/],
  ])('do not include a pool beside %s', (_, environment, problem) => {
    expect(() => standInsFor(environment)).toThrow(problem);
  });
});
