import { readFileSync } from 'node:fs';
import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { schemaFile } from '#schema/type-definitions.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns the page at `GET /graphql`: Apollo Sandbox with an example, none in production. */
export function landingPage(isProduction: boolean, today: Date): ApolloServerPlugin {
  if (isProduction) return ApolloServerPluginLandingPageDisabled();
  const day = (ago: number) => new Date(today.getTime() - ago * DAY_MS).toISOString().slice(0, 10);
  return ApolloServerPluginLandingPageLocalDefault({
    // Polling would use up the allowances of anonymous clients.
    embed: { runTelemetry: false, initialState: { pollForSchemaUpdates: false } },
    document: readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8'),
    variables: { range: { start: day(30), end: day(1) } },
    headers: { authorization: 'Bearer <accessToken of logIn>' },
  });
}

/**
 * The Content-Security-Policy header of Sandbox. The page has a policy with a nonce in a meta element, which a header
 * must not narrow.
 */
export const LANDING_PAGE_CSP = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
