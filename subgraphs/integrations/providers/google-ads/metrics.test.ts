import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from '#integrations/errors.js';
import { campaignOfRow, campaignsQuery } from './metrics.js';

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

describe('Google Ads campaigns', () => {
  it('are read by one query that keeps those without activity', () => {
    const query = campaignsQuery({ start: '2026-10-01', end: '2026-10-31' });
    expect(query).toContain("WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-31'");
    expect(query.slice(0, query.indexOf('WHERE'))).not.toContain('segments.');
  });

  it('keep ids beyond 2^53 and exact money', () => {
    expect(campaignOfRow(row(), 'USD')).toEqual({
      externalId: '9007199254740993',
      name: 'Brand',
      status: 'ACTIVE',
      providerStatus: 'ENABLED',
      objective: 'SEARCH',
      metrics: { impressions: 100, clicks: 6, cost: '12.34', conversions: 1.5, conversionValue: '75.00' },
    });
  });

  it('include removed ones only with activity', () => {
    const idle = { impressions: '0', clicks: '0', costMicros: '0' };
    expect(campaignOfRow(row({ status: 'REMOVED' }), 'USD')?.status).toBe('ENDED');
    expect(campaignOfRow(row({ status: 'REMOVED' }, idle), 'USD')).toBeUndefined();
    expect(campaignOfRow(row({ status: 'PAUSED' }, idle), 'USD')?.status).toBe('PAUSED');
  });

  it.each([
    ['a missing count', {}, { clicks: undefined }],
    ['a count as a number', {}, { impressions: 100 }],
    ['a count that is none', {}, { impressions: 'many' }],
    ['a count no number holds', {}, { impressions: '9007199254740993' }],
    ['money with decimals', {}, { costMicros: '12.5' }],
    ['conversions as text', {}, { conversions: '1.5' }],
    ['an unknown status', { status: 'SLEEPING' }, {}],
    ['an id as a number', { id: 222 }, {}],
  ])('reject %s', (_what, campaign, metrics) => {
    expect(() => campaignOfRow(row(campaign, metrics), 'USD')).toThrow(ProviderUnavailable);
  });
});
