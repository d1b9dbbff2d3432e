import { htmlTemplate } from '#runtime/html.js';
import type { Example } from './examples.js';

/** What the explorer's script is given. */
export interface ExplorerSettings {
  examples: Example[];
  /** The account that one click logs in; undefined = none. */
  demo?: { email: string; password: string };
  /** Script of the embeddable Apollo Sandbox; undefined = GraphiQL only. */
  sandboxScript?: string;
}

const SANDBOX_SCRIPTS = 'https://embeddable-sandbox.cdn.apollographql.com';
const SANDBOX_FRAMES = 'https://sandbox.embed.apollographql.com';

/** Apollo's script, which embeds Sandbox. It has no versions but this. */
export const SANDBOX_SCRIPT = `${SANDBOX_SCRIPTS}/_latest/embeddable-sandbox.umd.production.min.js`;

/**
 * Returns the Content-Security-Policy of the explorer: what this server sends, without inline code or styles, and fonts in
 * GraphiQL's style sheet. With Sandbox, Apollo's script and frame
 * as well.
 */
export function explorerCsp(hasSandbox: boolean): string {
  const ofSandbox = hasSandbox ? ` ${SANDBOX_SCRIPTS}` : '';
  return [
    "default-src 'none'",
    `script-src 'self'${ofSandbox}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self'${ofSandbox}`,
    ...(hasSandbox ? [`frame-src ${SANDBOX_FRAMES}`] : []),
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const render = htmlTemplate<{ settings: string; demo: ExplorerSettings['demo']; hasSandbox: boolean }>(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Explorer – WebMetrics</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/explorer/graphiql.min.css"><link rel="stylesheet" href="/explorer/explorer.css">
<script type="module" src="/explorer/explorer.js"></script></head>
<body>
<header>
<a href="/">WebMetrics</a>
<% if (it.demo) { %>
<button type="button" id="log-in">Log in as <%= it.demo.email %></button>
<% } %>
<span id="status" role="status"></span>
<nav>
<% if (it.hasSandbox) { %>
<a href="/graphql?explorer=sandbox">Apollo Sandbox</a>
<a href="/graphql?explorer=graphiql">GraphiQL</a>
<% } %>
</nav>
</header>
<main id="explorer" data-settings="<%= it.settings %>"><noscript>The explorer needs JavaScript. Programs send operations to this address by POST.</noscript></main>
</body>
</html>
`);

/** Returns the HTML of the explorer. */
export const renderExplorer = (settings: ExplorerSettings): string =>
  render({
    settings: JSON.stringify(settings),
    demo: settings.demo,
    hasSandbox: settings.sandboxScript !== undefined,
  });
