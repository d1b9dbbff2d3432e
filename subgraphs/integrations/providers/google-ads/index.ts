import { inParallel } from '../in-parallel.js';
import type { AccountReference, CampaignAnswer, DayRange, ProviderDefinition } from '../provider.js';
import { sendTo } from '../wire.js';
import { listAccounts } from './accounts.js';
import { type GoogleAdsApi, googleAdsApi } from './api.js';
import { readSettings } from './config.js';
import { NAME } from './errors.js';
import { campaignOfRow, campaignsQuery } from './metrics.js';
import { googleOAuth, scopes } from './oauth.js';

const description = { id: 'google-ads', name: NAME, products: ['campaigns'], scopes };

// An access token lives an hour.
const RENEW_BEFORE_MS = 30 * 60 * 1000;
const CALLS_AT_ONCE = 16;

/** One call per account: Google Ads has none that spans several. */
async function listCampaigns(
  api: GoogleAdsApi,
  accessToken: string,
  accounts: AccountReference[],
  range: DayRange,
): Promise<Map<string, CampaignAnswer>> {
  const answers = await inParallel(accounts, CALLS_AT_ONCE, async (account): Promise<[string, CampaignAnswer]> => {
    try {
      const rows = await api.searchStream(accessToken, account, campaignsQuery(range));
      return [account.externalId, rows.flatMap((row) => campaignOfRow(row, account.currency) ?? [])];
    } catch (error) {
      return [account.externalId, error as Error];
    }
  });
  return new Map(answers);
}

export const googleAds: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = sendTo(NAME, tools.http, settings.timeoutMs);
    const api = googleAdsApi(settings, send);
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...googleOAuth(settings, send, tools.now),
      listAccounts: (accessToken) => listAccounts(api, accessToken),
      listCampaigns: (accessToken, accounts, range) => listCampaigns(api, accessToken, accounts, range),
    };
  },
};
