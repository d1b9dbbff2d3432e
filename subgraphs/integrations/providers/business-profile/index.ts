import { googleApi } from '#integrations/providers/google/api.js';
import { CONSENT_FAMILY, googleOAuth, RENEW_BEFORE_MS, scopesFor } from '#integrations/providers/google/oauth.js';
import type { DailyHistory, ProviderDefinition } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { listAccounts } from './accounts.js';
import { readSettings } from './config.js';
import { figureFacts } from './figure-facts.js';
import { limits } from './limits.js';
import { readLocationDays } from './location-days.js';
import { readLocations } from './locations.js';

const product = {
  name: 'Google Business Profile',
  scope: 'https://www.googleapis.com/auth/business.manage',
  allows: 'see your business listings on Google',
};

const description = {
  id: 'business-profile',
  name: product.name,
  products: ['locations', 'places'],
  scopes: scopesFor(product.scope),
  externalIdsOf: (text: string) => [text.replace(/^accounts\//, '')],
  consentFamily: CONSENT_FAMILY,
  figureFacts,
};

/**
 * Google reports after two days or more, corrects for some, and shows 18 months.
 * https://support.google.com/business/answer/9918094
 */
const HISTORY: DailyHistory = { kind: 'places', restatedDays: 10, lagDays: 2, months: 18 };

export const businessProfile: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = openTransport(description, tools, { limits, timeoutMs: settings.client.timeoutMs });
    const at = (base: string, thing: string) => googleApi({ name: product.name, thing, base, send });
    const accounts = at(settings.accountBase, 'account');
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...googleOAuth(product, settings.client, send, tools.now),
      listAccounts: (accessToken) => listAccounts(product.name, accounts, accessToken),
      readers: {
        locations: readLocations(product.name, at(settings.informationBase, 'account')),
        locationDays: readLocationDays(at(settings.performanceBase, 'location'), tools.now),
      },
      history: HISTORY,
    };
  },
};
