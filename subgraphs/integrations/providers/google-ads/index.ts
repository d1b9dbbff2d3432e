import { currencyOf } from '../currency-of.js';
import { googleOAuth, scopesFor } from '../google/oauth.js';
import { inParallel } from '../in-parallel.js';
import type { Readers } from '../products.js';
import type { ProviderDefinition } from '../provider.js';
import { sendTo } from '../wire.js';
import { listAccounts } from './accounts.js';
import { type GoogleAdsApi, googleAdsApi } from './api.js';
import { readSettings } from './config.js';
import { NAME } from './errors.js';
import { campaignOfRow, campaignsQuery } from './metrics.js';

const product = { name: NAME, scope: 'https://www.googleapis.com/auth/adwords' };

const description = { id: 'google-ads', name: NAME, products: ['campaigns'], scopes: scopesFor(product.scope) };

// An access token lives an hour.
const RENEW_BEFORE_MS = 30 * 60 * 1000;
const CALLS_AT_ONCE = 16;

/** One call per question: Google Ads has none that spans several accounts. */
const readCampaigns =
  (api: GoogleAdsApi): Readers['campaigns'] =>
  (accessToken, questions) =>
    inParallel(questions, CALLS_AT_ONCE, async ({ account, range }) => {
      try {
        const rows = await api.searchStream(accessToken, account, campaignsQuery(range));
        return rows.flatMap((row) => campaignOfRow(row, currencyOf(account)) ?? []);
      } catch (error) {
        return error as Error;
      }
    });

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
      readers: { campaigns: readCampaigns(api) },
    };
  },
};
