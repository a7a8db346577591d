export type AppClient = {
  readonly clientId: string;
  /** The only tenant its tokens may name; null when it serves all. */
  readonly tenantId: string | null;
};

/** The app clients whose tokens are accepted: those of the configuration, and those registered in the store. */
export type ClientRegistry = {
  find(clientId: string): AppClient | undefined;
  /** Replaces what the store has registered. A configured client stays, and stays unbound. */
  replace(registered: readonly AppClient[]): void;
};

export function createClientRegistry(configuredIds: readonly string[]): ClientRegistry {
  const configured = configuredIds.map((clientId) => [clientId, { clientId, tenantId: null }] as const);
  let clients: ReadonlyMap<string, AppClient> = new Map(configured);
  return {
    find: (clientId) => clients.get(clientId),
    replace: (registered) => {
      clients = new Map([...registered.map((client) => [client.clientId, client] as const), ...configured]);
    },
  };
}
