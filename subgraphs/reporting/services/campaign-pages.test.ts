import { describe, expect, it } from '@jest/globals';
import { fakeCampaign } from '#reporting/testing/fake-graph.js';
import { reportedCampaign } from './campaign-pages.js';

describe('reportedCampaign', () => {
  it('maps the fields of a campaign', () => {
    expect(reportedCampaign(fakeCampaign('Autumn', '12.30', 'USD'))).toEqual({
      name: 'Autumn',
      status: 'ACTIVE',
      impressions: 1_000,
      clicks: 10,
      currency: 'USD',
      cost: '12.30',
      conversions: 0.1,
      conversionValue: '5.05',
    });
  });

  it('refuses amounts in two currencies', () => {
    const { metrics, ...campaign } = fakeCampaign('Autumn', '12.30', 'USD');
    const mixed = { ...campaign, metrics: { ...metrics, conversionValue: { amount: '1', currency: 'EUR' } } };
    expect(() => reportedCampaign(mixed)).toThrow('The campaign Autumn costs USD but brings EUR.');
  });
});
