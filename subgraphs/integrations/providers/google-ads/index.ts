import { CONSENT_FAMILY, googleOAuth, RENEW_BEFORE_MS, scopesFor } from '../google/oauth.js';
import type { ProviderDefinition } from '../provider.js';
import { sendTo } from '../wire.js';
import { listAccounts } from './accounts.js';
import { googleAdsApi } from './api.js';
import { readCampaignDays, readCampaigns } from './campaigns.js';
import { readSettings } from './config.js';
import { NAME } from './errors.js';

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
  consentFamily: CONSENT_FAMILY,
};

export const googleAds: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = sendTo(NAME, tools.http, settings.client.timeoutMs);
    const api = googleAdsApi(settings, send);
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...googleOAuth(product, settings.client, send, tools.now),
      listAccounts: (accessToken) => listAccounts(api, accessToken),
      readers: { campaigns: readCampaigns(api), campaignDays: readCampaignDays(api) },
    };
  },
};
