import { describe, expect, it } from '@jest/globals';
import { accountSummary } from './account-summary.js';
import { campaignPerformance } from './campaign-performance.js';
import type { ReportedAccount, ReportedCampaign } from './template.js';

const campaign = (figures: Partial<ReportedCampaign>): ReportedCampaign => ({
  name: 'Autumn',
  status: 'ACTIVE',
  impressions: 1_000,
  clicks: 10,
  currency: 'EUR',
  cost: '0.1',
  conversions: 0.1,
  conversionValue: '5.05',
  ...figures,
});

const account = (name: string, campaigns: ReportedCampaign[]): ReportedAccount => ({
  provider: 'Google Ads',
  name,
  status: 'ACTIVE',
  currency: 'EUR',
  hasCampaigns: true,
  campaigns,
});

describe('campaign-performance', () => {
  it('has one row per campaign in the order of accounts and campaigns', () => {
    const rows = campaignPerformance.rowsOf([
      account('Shop', [campaign({}), campaign({ name: 'Winter', status: 'PAUSED', conversions: 0.1 + 0.2 })]),
      account('Idle', []),
      account('Store', [campaign({ name: 'Spring', currency: 'USD', cost: '12.340000' })]),
    ]);
    expect(rows).toEqual([
      ['Google Ads', 'Shop', 'Autumn', 'ACTIVE', 'EUR', '1000', '10', '0.1', '0.1', '5.05'],
      ['Google Ads', 'Shop', 'Winter', 'PAUSED', 'EUR', '1000', '10', '0.1', '0.3', '5.05'],
      ['Google Ads', 'Store', 'Spring', 'ACTIVE', 'USD', '1000', '10', '12.340000', '0.1', '5.05'],
    ]);
  });
});

describe('account-summary', () => {
  it('sums the campaigns of an account exactly', () => {
    const huge = Number.MAX_SAFE_INTEGER;
    const campaigns = [campaign({ impressions: huge }), campaign({ impressions: huge, cost: '0.2', conversions: 0.2 })];
    expect(accountSummary.rowsOf([account('Shop', campaigns)])).toEqual([
      ['Google Ads', 'Shop', 'ACTIVE', 'EUR', '2', '18014398509481982', '20', '0.30', '0.3', '10.10'],
    ]);
  });

  it('has a row of zeros for an account without campaigns', () => {
    expect(accountSummary.rowsOf([account('Idle', [])])).toEqual([
      ['Google Ads', 'Idle', 'ACTIVE', 'EUR', '0', '0', '0', '0.00', '0', '0.00'],
    ]);
  });

  it('has no amounts for an account without a currency, and no figures where there are no campaigns', () => {
    const unpriced = { ...account('Idle', []), currency: null };
    expect(accountSummary.rowsOf([unpriced, { ...unpriced, hasCampaigns: false }])).toEqual([
      ['Google Ads', 'Idle', 'ACTIVE', '', '0', '0', '0', '', '0', ''],
      ['Google Ads', 'Idle', 'ACTIVE', '', '', '', '', '', '', ''],
    ]);
  });

  it('leaves conversions empty where nothing is counted, and sums those that are', () => {
    const none = campaign({ conversions: null, conversionValue: null });
    const [[, , , , , , , , ...nothing] = [], [, , , , , , , , ...something] = []] = accountSummary.rowsOf([
      account('Shop', [none, none]),
      account('Store', [none, campaign({})]),
    ]);
    expect([nothing, something]).toEqual([
      ['', ''],
      ['0.1', '5.05'],
    ]);
    expect(campaignPerformance.rowsOf([account('Shop', [none])])[0]?.slice(-2)).toEqual(['', '']);
  });

  it('never sums amounts in different currencies', () => {
    const rows = accountSummary.rowsOf([
      account('Shop', [campaign({ cost: '1' }), campaign({ cost: '2', currency: 'USD' }), campaign({ cost: '4' })]),
    ]);
    expect(rows.map((row) => [row[3], row[4], row[7]])).toEqual([
      ['EUR', '2', '5.00'],
      ['USD', '1', '2.00'],
    ]);
  });
});
