export { createMachineClient } from './create-machine-client.ts';
export { deleteMachineClient } from './delete-machine-client.ts';
export { findTokenClient, type TokenClient } from './find-token-client.ts';
export { listMachineClients } from './list-machine-clients.ts';
export type { MachineClient } from './machine-client.ts';
export { machineClientEvent } from './machine-client-event.ts';
export { retireMachineClientSecret } from './retire-machine-client-secret.ts';
export { rotateMachineClientSecret } from './rotate-machine-client-secret.ts';
