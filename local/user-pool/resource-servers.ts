import { z } from 'zod';
import { CognitoError, resourceNotFound } from './errors.ts';
import type { Pool } from './pool.ts';
import type { ResourceServer } from './state/state.ts';

/** What CreateResourceServer and UpdateResourceServer take. */
export const ResourceServerInput = z.object({
  UserPoolId: z.string(),
  Identifier: z
    .string()
    .max(256)
    .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/),
  Name: z
    .string()
    .max(256)
    .regex(/^[\w\s+=,.@-]+$/),
  Scopes: z
    .array(
      z.object({
        ScopeName: z
          .string()
          .max(256)
          .regex(/^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+$/),
        ScopeDescription: z.string().min(1).max(256),
      }),
    )
    .max(100)
    .default([]),
});

/** Keeps a resource server in place of what had its identifier. */
export function putResourceServer(pool: Pool, input: z.output<typeof ResourceServerInput>): ResourceServer {
  const scopes = input.Scopes.map(({ ScopeName, ScopeDescription }) => ({
    name: ScopeName,
    description: ScopeDescription,
  }));
  const server = { identifier: input.Identifier, name: input.Name, scopes };
  pool.state.resourceServers.set(server.identifier, server);
  return server;
}

/** Throws ResourceNotFoundException. */
export function getResourceServer(pool: Pool, identifier: string): ResourceServer {
  const server = pool.state.resourceServers.get(identifier);
  if (!server) throw resourceNotFound(`Resource server with identifier ${identifier} does not exist.`);
  return server;
}

/** What every pool knows, without a resource server. */
const STANDARD_SCOPES = ['openid', 'email', 'profile', 'phone', 'aws.cognito.signin.user.admin'];

/** Throws ScopeDoesNotExistException. A machine can be given scopes of resource servers alone. */
export function assertScopesExist(pool: Pool, scopes: readonly string[], isMachine: boolean): void {
  const known = [...(isMachine ? [] : STANDARD_SCOPES), ...listCustomScopes(pool)];
  const unknown = scopes.find((scope) => !known.includes(scope));
  if (unknown !== undefined) throw new CognitoError('ScopeDoesNotExistException', `Scope ${unknown} does not exist.`);
}

function listCustomScopes(pool: Pool): readonly string[] {
  return [...pool.state.resourceServers.values()].flatMap(({ identifier, scopes }) =>
    scopes.map(({ name }) => `${identifier}/${name}`),
  );
}
