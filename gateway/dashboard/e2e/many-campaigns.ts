import type { Page } from 'playwright-core';

/** As a hostile advertiser may name one: long, with markup, and with marks that turn the direction of what follows. */
export const HOSTILE_NAME = `<img src=x onerror=alert(1)> \u202Eשלום ${'x'.repeat(200)}`;

const COUNT = 5000;
const money = (amount: number) => ({ amount: amount.toFixed(2), currency: 'EUR' });

function edgeOf(index: number) {
  const metrics = {
    impressions: 100 * (COUNT - index),
    clicks: COUNT - index,
    cost: money(COUNT - index),
    conversions: 1,
    conversionValue: money(2),
    ctr: 0.01,
    cpc: money(1),
    cpm: money(10),
    cpa: money(COUNT - index),
    roas: 0.5,
  };
  const name = index === 0 ? HOSTILE_NAME : `Campaign ${index + 1}`;
  return {
    cursor: String(index + 1),
    node: {
      campaign: { id: `campaign-${index}`, name, status: 'ACTIVE', type: null },
      account: { id: 'account', name: HOSTILE_NAME, provider: { id: 'google-ads', name: 'Google Ads' } },
      currency: 'EUR',
      metrics,
      change: null,
    },
  };
}

/** Answers the question for campaigns as an organization with 5,000 of them would be answered, page by page. */
export async function answerManyCampaigns(page: Page): Promise<void> {
  await page.route('**/graphql', async (route) => {
    const { query = '', variables = {} } = route.request().postDataJSON() ?? {};
    if (!/query CampaignRows/.test(query)) return route.fallback();
    const first = Number(variables.after ?? 0);
    const edges = Array.from({ length: Math.min(variables.first, COUNT - first) }, (_, index) => edgeOf(first + index));
    const end = first + edges.length;
    const total = { currency: 'EUR', metrics: edgeOf(0).node.metrics, previous: null, change: null };
    const performance = {
      edges,
      pageInfo: { hasNextPage: end < COUNT, endCursor: String(end) },
      totalCount: COUNT,
      range: { start: '2026-10-01', end: '2026-10-30' },
      compared: null,
      totals: [total],
      sources: [],
    };
    await route.fulfill({ json: { data: { organization: { performance } } } });
  });
}
