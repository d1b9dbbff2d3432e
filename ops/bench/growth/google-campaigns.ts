import type { OutboundRequest, OutboundResponse } from '#runtime/http/http-client.js';

const SEARCH = /\/customers\/(\d+)\/googleAds:searchStream$/;

/** Answers the list of campaigns of an account at Google Ads; undefined for any other request. */
export function answerCampaignList(
  { url, body }: OutboundRequest,
  campaignsOf: (externalId: string) => number,
): OutboundResponse | undefined {
  const externalId = SEARCH.exec(url)?.[1];
  if (!externalId || !body?.includes('campaign.name')) return undefined;
  const results = Array.from({ length: campaignsOf(externalId) }, (_, index) => ({
    campaign: {
      id: String(index + 1),
      name: `Campaign ${index + 1}`,
      status: 'ENABLED',
      advertisingChannelType: 'SEARCH',
    },
    metrics: { impressions: '0', clicks: '0', costMicros: '0', conversions: 0, conversionsValue: 0 },
  }));
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ results }]),
  };
}
