import { parseExactly } from '#integrations/providers/parse-exactly.js';
import type { DailyHistory, ProviderDefinition } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { listAccounts } from './accounts.js';
import { linkedInApi } from './api.js';
import { readBreakdown } from './breakdown.js';
import { readCampaignGroups, readCampaignParts, whyWithout } from './campaign-parts.js';
import { readCampaignDays, readCampaigns } from './campaigns.js';
import { readSettings } from './config.js';
import { NAME } from './errors.js';
import { figureFacts } from './figure-facts.js';
import { limits } from './limits.js';
import { linkedInOAuth, scopes } from './oauth.js';

const description = {
  id: 'linkedin-ads',
  name: NAME,
  products: ['campaigns'],
  scopes,
  externalIdsOf: (text: string) => [text.replace(/^urn:li:sponsoredAccount:/, '')],
  figureFacts,
};

// An access token lives 60 days.
const RENEW_BEFORE_MS = 7 * 24 * 60 * 60 * 1000;

// Conversions count up to 30 days after the click by default:
// https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/conversion-tracking. Months as at other
// providers.
const HISTORY: DailyHistory = { kind: 'campaigns', restatedDays: 30, months: 37 };

export const linkedInAds: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = openTransport(description, tools, { limits, timeoutMs: settings.timeoutMs, parse: parseExactly });
    const api = linkedInApi(settings, send, tools.now);
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...linkedInOAuth(settings, send, tools.now),
      listAccounts: (accessToken) => listAccounts(api, accessToken),
      readers: {
        campaigns: readCampaigns(api),
        campaignDays: readCampaignDays(api),
        campaignParts: readCampaignParts(api),
        campaignGroups: readCampaignGroups(api),
        breakdown: readBreakdown(api),
      },
      breakdowns: ['DEVICE', 'COUNTRY'],
      whyWithout,
      history: HISTORY,
    };
  },
};
