import { z } from 'zod';
import { badUserInput, conflict } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { HumanName } from '../human-name.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { assertStillMember } from '../membership/index.ts';
import { parse } from '../parse.ts';
import { getMachineClient } from './get-machine-client.ts';
import { listMachineClients } from './list-machine-clients.ts';
import type { MachineClientSecret } from './machine-client.ts';
import { machineClientEvent } from './machine-client-event.ts';
import { takeBack } from './take-back.ts';

const MAX_CLIENTS = 20;
const SCOPES_RULE = 'A machine needs at least one scope.';

const CreateMachineClient = z.object({
  name: HumanName('The name'),
  scopes: z
    .array(z.string())
    .min(1, SCOPES_RULE)
    .transform((scopes) => [...new Set(scopes)]),
});

type NewClient = z.output<typeof CreateMachineClient> & { readonly clientId: string };

/**
 * Makes a machine client of the caller's tenant, at the pool first: until it is registered here no token of it is accepted,
 * so an attempt that ends half way gives nobody anything. Throws BAD_USER_INPUT, CONFLICT (as many as a tenant may have),
 * FORBIDDEN, TENANT_SUSPENDED, SERVICE_UNAVAILABLE.
 */
export async function createMachineClient(ctx: DomainContext, raw: unknown): Promise<MachineClientSecret> {
  authorize(ctx, 'createMachineClient');
  const { name, scopes } = parse(CreateMachineClient, raw);
  assertKnown(scopes, ctx.appClients.scopes);
  // Asked once more where it is decided; here it spares the pool a client in vain.
  assertRoom((await listMachineClients(ctx)).length);
  const { tenantId } = tenantScope(ctx);
  const { clientId, clientSecret } = await ctx.userPool.createMachineClient(tenantId, scopes);
  try {
    await register(ctx, { clientId, name, scopes });
  } catch (error) {
    await takeBack(ctx, () => ctx.userPool.deleteClient(clientId));
    throw error;
  }
  return { machineClient: await getMachineClient(ctx, clientId), clientSecret };
}

function register(ctx: DomainContext, { clientId, name, scopes }: NewClient): Promise<void> {
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  return ctx.database.transaction(scope, async (tx) => {
    await lockActiveTenant(tx, tenantId, 'update');
    await assertStillMember(tx, ctx, tenantId);
    assertRoom(await tx.appClient.count({ where: { tenantId, kind: 'MACHINE', endedAt: null } }));
    await tx.appClient.createMany({ data: [{ clientId, tenantId, kind: 'MACHINE', name, scopes }] });
    await audit(tx, ctx, machineClientEvent('create', tenantId, clientId, { scopes }));
  });
}

function assertKnown(scopes: readonly string[], known: readonly string[]): void {
  if (scopes.every((scope) => known.includes(scope))) return;
  throw badUserInput(`A machine can be given these scopes: ${known.join(', ')}.`);
}

function assertRoom(count: number): void {
  if (count >= MAX_CLIENTS) throw conflict(`A tenant has at most ${MAX_CLIENTS} machine clients. Delete one first.`);
}
