import { googleApi } from '#integrations/providers/google/api.js';
import { CONSENT_FAMILY, googleOAuth, RENEW_BEFORE_MS, scopesFor } from '#integrations/providers/google/oauth.js';
import type { DailyHistory, ProviderDefinition } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { readCatalogue, readIncompatible } from './catalogue.js';
import { readSettings } from './config.js';
import { NAME, refusalIn } from './errors.js';
import { figureFacts } from './figure-facts.js';
import { limits } from './limits.js';
import { listProperties } from './properties.js';
import { readReports } from './reports.js';

const product = {
  name: NAME,
  scope: 'https://www.googleapis.com/auth/analytics.readonly',
  allows: 'see your Google Analytics data',
};

const description = {
  id: 'google-analytics',
  name: NAME,
  products: ['analytics'],
  scopes: scopesFor(product.scope),
  externalIdsOf: (text: string) => [text.replace(/^properties\//, '')],
  consentFamily: CONSENT_FAMILY,
  figureFacts,
};

/**
 * Credit for key events may change for up to 12 days: https://support.google.com/analytics/answer/9333790. Aggregated figures are
 * kept: months as at other providers.
 */
const HISTORY: DailyHistory = { kind: 'analytics', restatedDays: 12, months: 37 };

export const googleAnalytics: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = openTransport(description, tools, { limits, timeoutMs: settings.client.timeoutMs });
    const shared = { name: NAME, thing: 'property', send };
    const admin = googleApi({ ...shared, base: settings.adminBase });
    const data = googleApi({ ...shared, base: settings.dataBase, errorOf: (answer) => refusalIn(answer, tools.now()) });
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...googleOAuth(product, settings.client, send, tools.now),
      listAccounts: (accessToken) => listProperties(NAME, admin, accessToken),
      readers: {
        analytics: readReports(data),
        analyticsCatalogue: readCatalogue(data),
        analyticsIncompatible: readIncompatible(data),
      },
      history: HISTORY,
    };
  },
};
