import { googleApi } from '#integrations/providers/google/api.js';
import { CONSENT_FAMILY, googleOAuth, RENEW_BEFORE_MS, scopesFor } from '#integrations/providers/google/oauth.js';
import type { DailyHistory, ProviderDefinition } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { readSettings } from './config.js';
import { figureFacts } from './figure-facts.js';
import { limits } from './limits.js';
import { readSearchCoverage } from './search-coverage.js';
import { readSearchQueries } from './search-queries.js';
import { listSites } from './sites.js';

const product = {
  name: 'Search Console',
  scope: 'https://www.googleapis.com/auth/webmasters.readonly',
  allows: 'see your Search Console data',
};

const description = {
  id: 'search-console',
  name: product.name,
  products: ['search-queries'],
  scopes: scopesFor(product.scope),
  // A site is written with and without its last slash, a domain with and without its prefix.
  externalIdsOf: (text: string) => [text.replace(/\/$/, ''), `${text}/`, `sc-domain:${text}`],
  consentFamily: CONSENT_FAMILY,
  figureFacts,
};

/**
 * Final days come two or three days late, and are kept for 16 months. https://support.google.com/webmasters/answer/7576553
 */
const HISTORY: DailyHistory = { kind: 'search', restatedDays: 2, lagDays: 2, months: 16 };

export const searchConsole: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = openTransport(description, tools, { limits, timeoutMs: settings.client.timeoutMs });
    const api = googleApi({ name: product.name, thing: 'site', base: settings.apiBase, send });
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...googleOAuth(product, settings.client, send, tools.now),
      listAccounts: (accessToken) => listSites(api, accessToken),
      readers: { searchQueries: readSearchQueries(product.name, api), searchCoverage: readSearchCoverage(api) },
      history: HISTORY,
    };
  },
};
