import type { Link, Page, Section } from './page.js';

interface StartLink extends Link {
  /** Name in the JSON answer. */
  name: string;
}

const sections: (Section & { links: StartLink[] })[] = [
  {
    title: 'Try it',
    links: [
      {
        name: 'explorer',
        href: '/graphql',
        label: 'Explorer',
        text: 'Ask the GraphQL API in the browser; examples are there.',
      },
    ],
  },
  {
    title: 'Build on it',
    links: [
      {
        name: 'rest',
        href: '/docs',
        label: 'REST documentation',
        text: 'Every resource, to be tried with an API key.',
      },
      {
        name: 'openapi',
        href: '/openapi.json',
        label: 'OpenAPI',
        text: 'What clients and collections are generated from.',
      },
      { name: 'schema', href: '/schema.graphql', label: 'GraphQL schema', text: 'Every type and field, described.' },
      {
        name: 'manual',
        href: '/manual',
        label: 'Manual',
        text: 'Accounts, API keys, connections, figures, limits and errors.',
      },
    ],
  },
  {
    title: 'Operate it',
    links: [
      { name: 'health', href: '/health', label: 'Health', text: 'Whether the process answers.' },
      { name: 'readiness', href: '/ready', label: 'Readiness', text: 'Whether everything it needs answers.' },
      { name: 'status', href: '/api/status', label: 'Status', text: 'Version and uptime; details for operators.' },
    ],
  },
];

export interface StartOptions {
  version: string;
  environment: string;
  /** Whether there is something at a path. */
  exists(path: string): boolean;
  dashboardUrl?: string;
  /** The log-in to show. */
  demo?: { email: string; password: string };
}

/** Returns the start page: what this is, and links to what exists here. */
export function startPage({ version, environment, exists, dashboardUrl, demo }: StartOptions): Page {
  const dashboard: Section[] = dashboardUrl
    ? [{ title: 'Use it', links: [{ href: dashboardUrl, label: 'Dashboard', text: 'Sign up or log in.' }] }]
    : [];
  const existing = sections.map(({ title, links }) => ({ title, links: links.filter(({ href }) => exists(href)) }));
  return {
    isStart: true,
    title: 'WebMetrics',
    text: `Marketing analytics behind one API: campaigns, search queries, events, posts and reports of every connected provider. Version ${version}, ${environment}.`,
    notice: demo && `Demo log-in: ${demo.email} / ${demo.password}`,
    sections: [...dashboard, ...existing.filter(({ links }) => links.length > 0)],
  };
}

/** Returns the same links for programs, by name, below `url`. */
export function startIndex(url: string, { version, exists }: Pick<StartOptions, 'version' | 'exists'>) {
  const links = sections.flatMap(({ links }) => links).filter(({ href }) => exists(href));
  const named = Object.fromEntries(links.map(({ name, href }) => [name, `${url}${href}`]));
  return { name: 'WebMetrics', version, links: { graphql: `${url}/graphql`, ...named } };
}
