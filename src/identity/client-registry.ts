export type AppClient = {
  readonly clientId: string;
  /** The only tenant its tokens may name; null when it serves all. */
  readonly tenantId: string | null;
};

/** The app clients whose tokens are accepted: those of the configuration, and those registered in the store. */
export type ClientRegistry = { find(clientId: string): AppClient | undefined };

/** A configured client serves all tenants, whatever the store says of it. */
export function createClientRegistry(
  configuredIds: readonly string[],
  registered: { findClient(clientId: string): AppClient | undefined },
): ClientRegistry {
  const configured = new Map(configuredIds.map((clientId) => [clientId, { clientId, tenantId: null }]));
  return { find: (clientId) => configured.get(clientId) ?? registered.findClient(clientId) };
}
