import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from '#integrations/errors.js';
import { campaignDaysOfRows, campaignsOfRanges, campaignsOfRows, campaignsQuery } from './metrics.js';

const row = (campaign: object = {}, metrics: object = {}) => ({
  campaign: { id: '9007199254740993', name: 'Brand', status: 'ENABLED', advertisingChannelType: 'SEARCH', ...campaign },
  metrics: {
    impressions: '100',
    clicks: '6',
    costMicros: '12340000',
    conversions: 1.5,
    conversionsValue: 75,
    ...metrics,
  },
});

const campaignOf = (one: unknown, currency = 'USD') => campaignsOfRows([one], currency).rows[0];
const OCTOBER = { start: '2026-10-01', end: '2026-10-31' };
const dayRow = (date: string, metrics: object = {}) => ({ ...row({}, metrics), segments: { date } });

describe('Google Ads campaigns', () => {
  it('are read by one query that keeps those without activity', () => {
    const query = campaignsQuery({ start: '2026-10-01', end: '2026-10-31' });
    expect(query).toContain("WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-31'");
    expect(query.slice(0, query.indexOf('WHERE'))).not.toContain('segments.');
  });

  it('keep ids beyond 2^53 and exact money', () => {
    expect(campaignOf(row())).toEqual({
      externalId: '9007199254740993',
      name: 'Brand',
      status: 'ACTIVE',
      providerStatus: 'ENABLED',
      objective: null,
      type: 'SEARCH',
      budget: null,
      metrics: {
        impressions: 100,
        clicks: 6,
        cost: '12.34',
        conversions: 1.5,
        conversionValue: '75.00',
        actions: null,
      },
    });
  });

  it('keep their budget, shared or not, daily or in all', () => {
    const budget = (campaignBudget: object) =>
      campaignOf({ ...row(), campaignBudget: { id: '9', ...campaignBudget } })?.budget;
    const shared = { explicitlyShared: true, amountMicros: '5000000' };
    expect(budget(shared)).toEqual({ level: 'SHARED', externalId: '9', daily: '5.00', total: null });
    const whole = { explicitlyShared: false, totalAmountMicros: '900000000' };
    expect(budget(whole)).toEqual({ level: 'CAMPAIGN', externalId: '9', daily: null, total: '900.00' });
  });

  it('keep a conversion value of a month in dong, and one of a cent beside a trillion', () => {
    const dong = row({}, { conversionsValue: 1_500_000_000, costMicros: '850000000000000' });
    expect(campaignOf(dong, 'VND')?.metrics).toMatchObject({ cost: '850000000', conversionValue: '1500000000' });
    const large = row({}, { conversionsValue: 1_234_567_890_123.45 });
    expect(campaignOf(large)?.metrics.conversionValue).toBe('1234567890123.45');
  });

  it('include removed ones only with figures, be they conversions alone', () => {
    const idle = { impressions: '0', clicks: '0', costMicros: '0', conversions: 0, conversionsValue: 0 };
    expect(campaignOf(row({ status: 'REMOVED' }))?.status).toBe('ENDED');
    expect(campaignOf(row({ status: 'REMOVED' }, idle))).toBeUndefined();
    expect(campaignOf(row({ status: 'PAUSED' }, idle))?.status).toBe('PAUSED');
    for (const late of [{ conversions: 1 }, { conversionsValue: 20 }, { costMicros: '-1000000' }]) {
      expect(campaignOf(row({ status: 'REMOVED' }, { ...idle, ...late }))?.status).toBe('ENDED');
    }
  });

  it.each(['UNKNOWN', 'UNSPECIFIED', 'SLEEPING'])('in the state %s are OTHER', (status) => {
    expect(campaignOf(row({ status }))).toMatchObject({ status: 'OTHER', providerStatus: status });
  });

  it('count a repeated row once, the later one', () => {
    const again = row({}, { clicks: '7' });
    expect(campaignsOfRows([row(), again], 'USD').rows.map(({ metrics }) => metrics.clicks)).toEqual([7]);
    const days = [dayRow('2026-10-05'), dayRow('2026-10-05', { clicks: '7' }), dayRow('2026-10-06')];
    expect(campaignDaysOfRows(days, 'USD').rows.map(({ metrics }) => metrics.clicks)).toEqual([7, 6]);
    const [summed] = campaignsOfRanges([row(), row()], days, 'USD')(OCTOBER).rows;
    expect(summed?.metrics.clicks).toBe(13);
  });

  it.each<[string, object, object, string]>([
    ['a missing count', {}, { clicks: undefined }, 'metrics.clicks'],
    ['a count as a number', {}, { impressions: 100 }, 'metrics.impressions'],
    ['a count that is none', {}, { impressions: 'many' }, 'metrics.impressions'],
    ['a count no number holds', {}, { impressions: '9007199254740993' }, 'metrics.impressions'],
    ['money with decimals', {}, { costMicros: '12.5' }, 'metrics.costMicros'],
    ['conversions as text', {}, { conversions: '1.5' }, 'metrics.conversions'],
    ['a value beyond 2^53', {}, { conversionsValue: 1e16 }, 'metrics.conversionsValue'],
    ['an id as a number', { id: 222 }, {}, 'campaign.id'],
  ])('name a row with %s and keep the others', (_what, campaign, metrics, field) => {
    const strange = row({ id: '77', ...campaign }, metrics);
    const { rows, unreadable } = campaignsOfRows([row(), strange], 'USD');
    expect(rows.map(({ externalId }) => externalId)).toEqual(['9007199254740993']);
    expect(unreadable).toEqual([{ row: 'id' in campaign ? '#2' : '77', field }]);
    expect(() => campaignsOfRows([strange], 'USD')).toThrow(ProviderUnavailable);
  });

  it('are named in the ranges of an unreadable day only', () => {
    const days = [dayRow('2026-10-05', { clicks: 'many' }), dayRow('2026-11-05')];
    const sums = campaignsOfRanges([row()], days, 'USD');
    expect(sums(OCTOBER)).toEqual({
      rows: [],
      unreadable: [{ row: '9007199254740993', day: '2026-10-05', field: 'metrics.clicks' }],
    });
    expect(sums({ start: '2026-11-01', end: '2026-11-30' })).toMatchObject({
      rows: [{ metrics: { clicks: 6 } }],
      unreadable: [],
    });
  });
});
