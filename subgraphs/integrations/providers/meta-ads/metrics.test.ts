import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from '#integrations/errors.js';
import { joinCampaigns } from './metrics.js';

const campaign = (given: object = {}) => ({
  id: '120210000000000001',
  name: 'Autumn',
  objective: 'OUTCOME_SALES',
  status: 'ACTIVE',
  effective_status: 'ACTIVE',
  ...given,
});

const insight = (given: object = {}) => ({
  campaign_id: '120210000000000001',
  campaign_name: 'Autumn',
  impressions: '361324',
  clicks: '7346',
  spend: '5339.5',
  actions: [
    { action_type: 'link_click', value: '4510' },
    { action_type: 'omni_purchase', value: '37' },
    { action_type: 'purchase', value: '37' },
  ],
  action_values: [{ action_type: 'purchase', value: '4100.5' }],
  ...given,
});

describe('Meta campaigns', () => {
  it('are joined with their insights, each purchase counted once', () => {
    expect(joinCampaigns([campaign()], [insight()], 'USD')).toEqual([
      {
        externalId: '120210000000000001',
        name: 'Autumn',
        status: 'ACTIVE',
        providerStatus: 'ACTIVE',
        objective: 'OUTCOME_SALES',
        metrics: { impressions: 361324, clicks: 7346, cost: '5339.50', conversions: 37, conversionValue: '4100.50' },
      },
    ]);
  });

  it('count zero without insights, and without purchases', () => {
    const [idle] = joinCampaigns([campaign()], [], 'JPY');
    expect(idle?.metrics).toEqual({ impressions: 0, clicks: 0, cost: '0', conversions: 0, conversionValue: '0' });
    const bare = insight({ actions: undefined, action_values: undefined });
    expect(joinCampaigns([campaign()], [bare], 'USD')[0]?.metrics.conversions).toBe(0);
  });

  it('include ended ones only with activity', () => {
    const archived = campaign({ status: 'ARCHIVED', effective_status: 'ARCHIVED' });
    expect(joinCampaigns([archived], [], 'USD')).toEqual([]);
    expect(joinCampaigns([archived], [insight()], 'USD')[0]).toMatchObject({
      status: 'ENDED',
      providerStatus: 'ARCHIVED',
    });
  });

  it('keep the cost of a deleted campaign', () => {
    expect(joinCampaigns([], [insight()], 'USD')[0]).toMatchObject({ name: 'Autumn', status: 'ENDED' });
  });

  it.each([
    ['spend as a number', insight({ spend: 5339.5 })],
    ['spend that is none', insight({ spend: 'free' })],
    ['a missing count', insight({ impressions: undefined })],
    ['an action without a number', insight({ actions: [{ action_type: 'purchase', value: 'NaN' }] })],
  ])('reject %s', (_what, row) => {
    expect(() => joinCampaigns([campaign()], [row], 'USD')).toThrow(ProviderUnavailable);
  });
});
