import { CONSENT_FAMILY, googleOAuth, RENEW_BEFORE_MS, scopesFor } from '#integrations/providers/google/oauth.js';
import type { DailyHistory, ProviderDefinition } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { listAccounts } from './accounts.js';
import { googleAdsApi } from './api.js';
import { readBreakdown } from './breakdown.js';
import { readCampaignParts, whyWithout } from './campaign-parts.js';
import { readCampaignDays, readCampaigns } from './campaigns.js';
import { readSettings } from './config.js';
import { NAME } from './errors.js';
import { figureFacts } from './figure-facts.js';
import { limitsOf } from './limits.js';

const product = {
  name: NAME,
  scope: 'https://www.googleapis.com/auth/adwords',
  allows: 'see your Google Ads campaigns',
};

const description = {
  id: 'google-ads',
  name: NAME,
  products: ['campaigns'],
  scopes: scopesFor(product.scope),
  // `123-456-7890` in its interface.
  externalIdsOf: (text: string) => [text.replaceAll('-', '')],
  consentFamily: CONSENT_FAMILY,
  figureFacts,
};

// Conversions arrive up to 30 days after the click by default: https://support.google.com/google-ads/answer/3123169.
// Months as at other providers.
const HISTORY: DailyHistory = { kind: 'campaigns', restatedDays: 30, months: 37 };

export const googleAds: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const limits = limitsOf(settings.operationsPerDay);
    const send = openTransport(description, tools, { limits, timeoutMs: settings.client.timeoutMs });
    const api = googleAdsApi(settings, send);
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...googleOAuth(product, settings.client, send, tools.now),
      listAccounts: (accessToken) => listAccounts(api, accessToken),
      readers: {
        campaigns: readCampaigns(api),
        campaignDays: readCampaignDays(api),
        campaignParts: readCampaignParts(api),
        breakdown: readBreakdown(api),
      },
      breakdowns: ['DEVICE', 'COUNTRY'],
      whyWithout,
      history: HISTORY,
    };
  },
};
