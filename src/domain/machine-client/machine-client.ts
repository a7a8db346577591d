import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { APP_CLIENT_ID } from '../app-client/index.ts';

export type MachineClient = {
  /** The client's id at the pool. */
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
};

/** What a verb that makes a secret answers: the one time it is told. */
export type MachineClientSecret = { readonly machineClient: MachineClient; readonly clientSecret: string };

/** The columns of a MachineClient, as every statement selects them; `c` is the table. */
export const MACHINE_CLIENT_COLUMNS =
  'c.client_id as id, c.tenant_id as "tenantId", c.name, c.scopes, c.created_at as "createdAt"';

/** Those that are one and still are. */
export const IS_MACHINE_CLIENT = `c.kind = 'MACHINE' and c.ended_at is null`;

/** The id of a client in an input. What cannot be one throws NOT_FOUND, as an id does that no client has. */
export const ClientId = z.string().transform((id) => {
  if (!APP_CLIENT_ID.test(id)) throw notFound('not the id of a client');
  return id;
});
