import { expect, it } from '@jest/globals';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { PendingAnswers } from '#integrations/loaders/pending-answers.js';
import { RememberedValues } from '#integrations/loaders/remembered-values.js';
import type { Services } from '#runtime/services.js';
import { campaignFigures } from './campaign-figures.js';
import { CheckedRanges } from './check-range.js';
import { listCampaignDays } from './list-metrics-daily.js';
import { readCampaignMetrics } from './read-campaign-metrics.js';

const CAMPAIGNS = 800;
const now = new Date('2026-11-22T12:00:00Z');
const range = { start: '2026-11-01', end: '2026-11-30' };
const metrics = { impressions: 1, clicks: 1, cost: '1.00', conversions: 0, conversionValue: '0' };
const account = { id: 'a', connectionId: 'c', providerId: 'ads', currency: 'EUR', timeZone: 'UTC', isActive: true };

const ids = Array.from({ length: CAMPAIGNS }, (_, number) => `${number}`);
const found = {
  campaigns: { rows: ids.map((externalId) => ({ externalId, metrics })), unreadable: [] },
  campaignDays: {
    rows: ids.flatMap((externalId) =>
      ['2026-11-02', '2026-11-01'].map((day) => ({
        externalId,
        day,
        metrics: { ...metrics, clicks: Number(externalId) },
      })),
    ),
    unreadable: [],
  },
};

it('the figures of 800 campaigns are read and indexed once an operation, and not for days to come', async () => {
  const asked: unknown[] = [];
  let plansRead = 0;
  const plan = async () => {
    plansRead += 1;
    return { planId: 'agency', access: 'FULL', kept: {} };
  };
  const services = { now: () => now, entitlements: { of: plan } } as unknown as Services;
  const context = {
    services,
    checkedRanges: new CheckedRanges(services),
    remembered: new RememberedValues(),
    providers: { find: () => ({}) },
    pendingAnswers: new PendingAnswers(),
    loadAnswer: async ({ product, range: days }: { product: keyof typeof found; range: unknown }) => {
      asked.push({ product, days });
      return { found: found[product], fetchedAt: now, isStale: false };
    },
  } as unknown as Context;
  context.campaignFigures = campaignFigures(() => context);
  const campaigns = ids.map((externalId) => ({ externalId, account: account as unknown as Account }) as never);
  const sums = await Promise.all(campaigns.map((campaign) => readCampaignMetrics(context, { campaign, range })));
  const days = await Promise.all(campaigns.map((campaign) => listCampaignDays(context, { campaign, range })));
  expect(sums.every((sum) => sum?.clicks === 1)).toBe(true);
  expect(days[7]?.map(({ date, metrics: figures }) => [date, figures?.clicks])).toEqual([
    ['2026-11-01', 7],
    ['2026-11-02', 7],
  ]);
  const { days: all, byCampaign } = await context.campaignFigures.days.load({ account: account as never, range });
  expect((await context.campaignFigures.days.load({ account: account as never, range })).byCampaign).toBe(byCampaign);
  expect([all.length, Object.keys(byCampaign).length]).toEqual([2 * CAMPAIGNS, CAMPAIGNS]);
  const toToday = { start: '2026-11-01', end: '2026-11-22' };
  expect(asked).toEqual([
    { product: 'campaigns', days: toToday },
    { product: 'campaignDays', days: toToday },
  ]);
  expect(plansRead).toBe(1);
});
