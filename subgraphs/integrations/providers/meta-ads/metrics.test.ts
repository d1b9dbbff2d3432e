import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from '#integrations/errors.js';
import { campaignDaysOf, joinCampaigns } from './metrics.js';

const campaign = (given: object = {}) => ({
  id: '120210000000000001',
  name: 'Autumn',
  objective: 'OUTCOME_SALES',
  buying_type: 'AUCTION',
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
    expect(joinCampaigns([campaign()], [insight()], 'USD').rows).toEqual([
      {
        externalId: '120210000000000001',
        name: 'Autumn',
        status: 'ACTIVE',
        providerStatus: 'ACTIVE',
        objective: 'OUTCOME_SALES',
        type: 'AUCTION',
        budget: { level: 'AD_SETS', externalId: null, daily: null, total: null },
        metrics: {
          impressions: 361324,
          clicks: 7346,
          cost: '5339.50',
          conversions: 37,
          conversionValue: '4100.50',
          actions: { link_click: '4510', omni_purchase: '37', purchase: '37' },
        },
      },
    ]);
  });

  it.each([
    ['USD', { daily_budget: '5000' }, { level: 'CAMPAIGN', daily: '50.00', total: null }],
    ['JPY', { daily_budget: '5000', lifetime_budget: '0' }, { level: 'CAMPAIGN', daily: '5000', total: null }],
    // Whole at Meta, though ISO 4217 gives it two digits.
    ['HUF', { lifetime_budget: '90000' }, { level: 'CAMPAIGN', daily: null, total: '90000' }],
    ['USD', { daily_budget: '0' }, { level: 'AD_SETS', daily: null, total: null }],
  ])('have budgets in the smallest unit of %s: %p', (currency, given, expected) => {
    const [row] = joinCampaigns([campaign(given)], [], currency).rows;
    expect(row?.budget).toEqual({ externalId: null, ...expected });
  });

  it('have no conversions, rather than none, without insights and without purchases', () => {
    const [idle] = joinCampaigns([campaign()], [], 'JPY').rows;
    const unknown = { conversions: null, conversionValue: null, actions: {} };
    expect(idle?.metrics).toEqual({ impressions: 0, clicks: 0, cost: '0', ...unknown });
    const bare = insight({ actions: undefined, action_values: undefined });
    expect(joinCampaigns([campaign()], [bare], 'USD').rows[0]?.metrics).toMatchObject(unknown);
    const leads = insight({ actions: [{ action_type: 'lead', value: '3' }], action_values: undefined });
    expect(joinCampaigns([campaign()], [leads], 'USD').rows[0]?.metrics).toMatchObject({
      ...unknown,
      actions: { lead: '3' },
    });
  });

  it('include ended ones only with activity', () => {
    const archived = campaign({ status: 'ARCHIVED', effective_status: 'ARCHIVED' });
    expect(joinCampaigns([archived], [], 'USD').rows).toEqual([]);
    expect(joinCampaigns([archived], [insight()], 'USD').rows[0]).toMatchObject({
      status: 'ENDED',
      providerStatus: 'ARCHIVED',
    });
  });

  it('keep the cost of a deleted campaign', () => {
    expect(joinCampaigns([], [insight()], 'USD').rows[0]).toMatchObject({ name: 'Autumn', status: 'ENDED' });
  });

  it('in an unknown state are OTHER', () => {
    const odd = campaign({ status: 'DREAMING', effective_status: 'DREAMING' });
    expect(joinCampaigns([odd], [], 'USD').rows[0]).toMatchObject({ status: 'OTHER', providerStatus: 'DREAMING' });
  });

  it('count a repeated row once, the later one', () => {
    const later = campaign({ name: 'Autumn 2' });
    const again = insight({ clicks: '7' });
    const { rows } = joinCampaigns([campaign(), later], [insight(), again], 'USD');
    expect(rows.map(({ name, metrics }) => [name, metrics.clicks])).toEqual([['Autumn 2', 7]]);
    const days = ['7346', '7'].map((clicks) => insight({ clicks, date_start: '2026-10-01' }));
    expect(campaignDaysOf(days, 'USD').rows.map(({ metrics }) => metrics.clicks)).toEqual([7]);
  });

  it.each([
    ['spend as a number', { spend: 5339.5 }, 'spend'],
    ['spend that is none', { spend: 'free' }, 'spend'],
    ['a missing count', { impressions: undefined }, 'impressions'],
    ['an action without a number', { actions: [{ action_type: 'purchase', value: 'NaN' }] }, 'actions.0.value'],
  ])('name a row with %s and keep the others', (_what, given, field) => {
    const other = { id: '2', campaign_id: '2' };
    const strange = insight(given);
    const { rows, unreadable } = joinCampaigns([campaign(), campaign(other)], [strange, insight(other)], 'USD');
    expect(rows.map(({ externalId }) => externalId)).toEqual(['2']);
    expect(unreadable).toEqual([{ row: '120210000000000001', field }]);
    expect(() => joinCampaigns([campaign()], [strange], 'USD')).toThrow(ProviderUnavailable);
  });
});
