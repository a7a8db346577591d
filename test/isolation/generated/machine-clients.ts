import {
  CreateUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  ListUserPoolClientSecretsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Product } from '../../support/product.ts';
import { type Home, type Row, toRow } from './home.ts';

/** A machine client of this tenant, at the pool too, which verbs ask. */
export async function addMachineClient({ sdk, pool, sql }: Product, home: Home, tenantId: string): Promise<Row> {
  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({ UserPoolId: pool.poolId, ClientName: home, GenerateSecret: true }),
  );
  const [id, name] = [UserPoolClient?.ClientId ?? '', `machine-of-${home}`];
  await sql(`insert into app_clients (client_id, tenant_id, name, kind) values ($1, $2, $3, 'MACHINE')`, [
    id,
    tenantId,
    name,
  ]);
  return toRow('MachineClient', home, id, name);
}

/** Leaves each client its first secret. One that was deleted at the pool has none, and is asked for no other. */
export async function dropAddedSecrets({ sdk, pool, sql }: Product): Promise<void> {
  const UserPoolId = pool.poolId;
  const clients = await sql<{ readonly ClientId: string }>(`select client_id as "ClientId" from app_clients`);
  for (const { ClientId } of clients) {
    const listed = await sdk.send(new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId })).catch(() => null);
    for (const { ClientSecretId } of listed?.ClientSecrets?.slice(1) ?? []) {
      await sdk.send(new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId }));
    }
  }
}
