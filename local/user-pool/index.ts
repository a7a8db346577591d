import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartupError } from '../../src/errors.ts';
import { LOCAL_IDENTITY_POOL } from '../identity-pool/constants.ts';
import { createCredentialBook, type PrincipalTags } from '../identity-pool/credential-book.ts';
import { createMailbox, type Mailbox } from '../mailbox/mailbox.ts';
import { createOwnClient, type OwnClientOptions } from './clients.ts';
import { LOCAL_POOL } from './constants.ts';
import { createPending } from './pending.ts';
import type { Pool, PoolLog } from './pool.ts';
import { createServer } from './server.ts';
import { createKeyRing, rotateKeyRing, signCompact } from './signing-keys.ts';
import { StoredState } from './state/state.ts';
import { createStateWriter, readState } from './state/state-file.ts';
import { createTriggerCall, type Trigger } from './triggers/call-trigger.ts';

export type { Mail } from '../mailbox/mailbox.ts';
export type { OwnClientOptions } from './clients.ts';
export { LOCAL_POOL } from './constants.ts';
export type { Trigger } from './triggers/call-trigger.ts';

export type LocalUserPoolOptions = {
  /** Where users, keys and mail outlive the process; null keeps them in memory. */
  readonly stateFile: string | null;
  /** A state file to begin with where there is none of its own: read once, and never written. */
  readonly initialFile?: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Where trigger events go, and the `whsec_` secret that signs them; null for a pool without triggers. */
  readonly trigger: Trigger | null;
  readonly clock?: () => Date;
  readonly log?: PoolLog;
} & OwnClientOptions;

export type LocalUserPool = {
  readonly region: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly issuer: string;
  /** What the SDK's `endpoint` is set to. */
  readonly endpoint: string;
  readonly jwksUri: string;
  readonly mailbox: Mailbox;
  readonly identityPool: {
    readonly id: string;
    /** The tags that AWS would see on whoever uses these credentials; null for credentials that are not good. */
    readonly findTags: (accessKeyId: string) => PrincipalTags | null;
  };
  /** For a receiver whose address is known only later. */
  readonly setTrigger: (trigger: Trigger | null) => void;
  /** New signing keys; the old ones stay published unless `retire` drops them at once. */
  readonly rotateKeys: (options?: { readonly retire?: boolean }) => Promise<void>;
  /** Signs any payload with the current access-token key, under any header: forgeries in tests carry a real signature. */
  readonly signToken: (payload: object, header?: object) => Promise<string>;
  readonly close: () => Promise<void>;
} & AsyncDisposable;

/**
 * Starts the stand-in for a Cognito user pool on 127.0.0.1. Throws StartupError when the port is taken or the state
 * file holds something else.
 */
export async function startLocalUserPool(options: LocalUserPoolOptions): Promise<LocalUserPool> {
  const { clock = () => new Date(), log = SILENT, stateFile } = options;
  const pool = await openPool(options, clock);
  const save = stateFile === null ? async () => {} : createStateWriter(stateFile, () => toStored(pool));
  const setTrigger = (trigger: Trigger | null) => {
    pool.trigger = trigger && createTriggerCall(trigger, { warn: log.warn.bind(log) });
  };
  setTrigger(options.trigger);
  await save();
  const server = await createServer({ pool, log, save });
  const endpoint = await listen(server, options.port);
  const close = async () => {
    await server.close();
    await save();
  };
  return {
    region: LOCAL_POOL.region,
    poolId: LOCAL_POOL.poolId,
    clientId: LOCAL_POOL.clientId,
    issuer: LOCAL_POOL.issuer,
    endpoint,
    jwksUri: `${endpoint}/${LOCAL_POOL.poolId}/.well-known/jwks.json`,
    mailbox: pool.mailbox,
    identityPool: { id: LOCAL_IDENTITY_POOL.id, findTags: pool.credentials.findTags },
    setTrigger,
    rotateKeys: async ({ retire = false } = {}) => {
      pool.state.keys = await rotateKeyRing(pool.state.keys, retire);
      await save();
    },
    signToken: (payload, header) => signCompact(pool.state.keys.access, payload, header),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const SILENT: PoolLog = { warn: () => {}, error: () => {} };

async function openPool(options: LocalUserPoolOptions, clock: () => Date): Promise<Pool> {
  const { stateFile, initialFile } = options;
  const kept = stateFile === null ? null : await readState(stateFile);
  const initial = kept === null && initialFile !== undefined ? await readState(initialFile) : null;
  const stored = kept ?? initial ?? (await createState(clock));
  const { keys, users, groups, sessions, mails, clients, resourceServers, mfa, decoySecret } = stored;
  return {
    state: {
      keys,
      users: new Map(users.map((user) => [user.sub, user])),
      groups: new Map(groups.map((group) => [group.name, group])),
      sessions: new Map(sessions.map((session) => [session.originJti, session])),
      clients: new Map([...clients, createOwnClient(options)].map((client) => [client.id, client])),
      resourceServers: new Map([LOCAL_POOL.resourceServer, ...resourceServers].map((one) => [one.identifier, one])),
      mfa,
      decoySecret,
    },
    pending: createPending(),
    mailbox: createMailbox(mails, clock),
    credentials: createCredentialBook(clock),
    clock,
    trigger: null,
  };
}

async function createState(clock: () => Date): Promise<StoredState> {
  const createdAt = clock().toISOString();
  const groups = LOCAL_POOL.groups.map((name) => ({ name, createdAt }));
  return StoredState.parse({ version: 1, keys: await createKeyRing(), groups, users: [], sessions: [], mails: [] });
}

function toStored({ state, mailbox }: Pool): StoredState {
  return {
    version: 1,
    keys: state.keys,
    users: [...state.users.values()],
    groups: [...state.groups.values()],
    sessions: [...state.sessions.values()],
    mails: [...mailbox.list()],
    clients: [...state.clients.values()],
    resourceServers: [...state.resourceServers.values()],
    mfa: state.mfa,
    decoySecret: state.decoySecret,
  };
}

async function listen(server: FastifyInstance, port: number): Promise<string> {
  try {
    await server.listen({ host: '127.0.0.1', port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new StartupError(
      `Port ${port} is in use. Stop what listens there, or set PORT or LOCAL_POOL_PORT to another.`,
    );
  }
  // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
  const address = server.server.address() as AddressInfo;
  return `http://127.0.0.1:${address.port}`;
}
