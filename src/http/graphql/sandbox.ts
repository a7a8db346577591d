import {
  ApolloServerPluginLandingPageLocalDefault,
  type ApolloServerPluginLandingPageLocalDefaultOptions,
} from '@apollo/server/plugin/landingPage/default';

export type Page = { readonly html: string; readonly contentSecurityPolicy: string };

/** The page for a visit under this Host header, made anew each time: a token in it is fresh. */
export type SandboxPage = (host: string) => Promise<Page>;

export type SandboxOptions = {
  /** A bearer token the page sends with introspection and every operation; null for none, now or ever. */
  readonly demoToken: (() => Promise<string | null>) | null;
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
  return async (host) => {
    const isOwn = OWN_NAMES.has(host.replace(/:\d+$/, ''));
    const token = isOwn && demoToken ? await demoToken() : null;
    const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
    const html = await renderLandingPage({
      footer: false,
      document: EXAMPLE,
      embed: { runTelemetry: false, initialState: { pollForSchemaUpdates: false, sharedHeaders: headers } },
    });
    return { html, contentSecurityPolicy: toContentSecurityPolicy(html) };
  };
}

const ICONS = 'https://apollo-server-landing-page.cdn.apollographql.com';

/**
 * What the page loads and no more: the scripts and styles that carry its nonce, a font, its icons, and Apollo's frame,
 * which has this page send its operations. The page's own policy, a meta element of Apollo's, holds beside it.
 */
function toContentSecurityPolicy(html: string): string {
  const nonce = /nonce="([0-9a-f]+)"/.exec(html)?.[1];
  if (nonce === undefined) throw new Error("Apollo's landing page has no nonce");
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' https://fonts.googleapis.com`,
    'font-src https://fonts.gstatic.com',
    `img-src ${ICONS}`,
    `manifest-src ${ICONS}`,
    'frame-src https://sandbox.embed.apollographql.com',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function renderLandingPage(options: ApolloServerPluginLandingPageLocalDefaultOptions): Promise<string> {
  const plugin = ApolloServerPluginLandingPageLocalDefault(options);
  // The plugin's page does not look at the server it is started for.
  const listener = await plugin.serverWillStart?.({} as never);
  const page = await listener?.renderLandingPage?.();
  if (page === undefined) throw new Error('Apollo gave no landing page');
  return typeof page.html === 'string' ? page.html : page.html();
}
