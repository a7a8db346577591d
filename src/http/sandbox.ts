import {
  ApolloServerPluginLandingPageLocalDefault,
  type ApolloServerPluginLandingPageLocalDefaultOptions,
} from '@apollo/server/plugin/landingPage/default';

/** The page's HTML for a visit under this host name, made anew each time: a token in it is fresh. */
export type SandboxPage = (hostname: string) => Promise<string>;

export type SandboxOptions = {
  /** A bearer token the page sends with introspection and every operation; null for none. */
  readonly demoToken: (() => Promise<string>) | null;
};

const EXAMPLE = `# Who am I, as the token says and the store knows?
query Viewer {
  viewer {
    sub
    groups
    tenantId
    profile {
      displayName
      email
    }
    tenant {
      slug
      name
    }
    memberships {
      role
      tenant {
        slug
      }
    }
  }
}

# The people of my tenant, and of no other.
query Members {
  members(first: 20) {
    totalCount
    nodes {
      id
      role
      user {
        displayName
        email
      }
    }
  }
}
`;

// A live token is for this machine's own browser. A foreign name that was made to resolve to it (DNS rebinding) gets none.
const OWN_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Apollo Sandbox with an example that works when sent. */
export function createSandboxPage({ demoToken }: SandboxOptions): SandboxPage {
  return async (hostname) => {
    const isOwn = OWN_NAMES.has(hostname);
    const headers = demoToken === null || !isOwn ? {} : { Authorization: `Bearer ${await demoToken()}` };
    return renderLandingPage({
      footer: false,
      document: EXAMPLE,
      embed: { runTelemetry: false, initialState: { pollForSchemaUpdates: false, sharedHeaders: headers } },
    });
  };
}

async function renderLandingPage(options: ApolloServerPluginLandingPageLocalDefaultOptions): Promise<string> {
  const plugin = ApolloServerPluginLandingPageLocalDefault(options);
  // The plugin's page does not look at the server it is started for.
  const listener = await plugin.serverWillStart?.({} as never);
  const page = await listener?.renderLandingPage?.();
  if (page === undefined) throw new Error('Apollo gave no landing page');
  return typeof page.html === 'string' ? page.html : page.html();
}
