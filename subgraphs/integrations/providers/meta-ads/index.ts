import type { DailyHistory, ProviderDefinition } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { listAccounts } from './accounts.js';
import { resultOf } from './actions.js';
import { metaApi } from './api.js';
import { readBreakdown } from './breakdown.js';
import { readCampaignParts, whyWithout } from './campaign-parts.js';
import { readCampaignDays, readCampaigns } from './campaigns.js';
import { readSettings } from './config.js';
import { NAME } from './errors.js';
import { figureFacts } from './figure-facts.js';
import { chargesOfPath, limits } from './limits.js';
import { metaOAuth, scopes } from './oauth.js';

const description = {
  id: 'meta-ads',
  name: NAME,
  products: ['campaigns'],
  scopes,
  externalIdsOf: (text: string) => [text.replace(/^act_/, '')],
  figureFacts,
};

// An access token lives about 60 days and cannot be renewed after its expiry.
const RENEW_BEFORE_MS = 10 * 24 * 60 * 60 * 1000;

// Conversions count up to 28 days after the click:
// https://developers.facebook.com/blog/post/2025/10/16/ads-insights-api-metric-availability-updates Insights go back 37
// months: https://developers.facebook.com/docs/marketing-api/insights
const HISTORY: DailyHistory = { kind: 'campaigns', restatedDays: 28, months: 37, resultOf };

export const metaAds: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = openTransport(description, tools, { limits, timeoutMs: settings.timeoutMs });
    const refuse = async (path: string) => tools.governor?.refusal(description, chargesOfPath(path));
    const api = metaApi(settings, send, refuse);
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...metaOAuth(settings, api, send, tools.now),
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
