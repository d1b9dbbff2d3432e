import { describe, expect, it } from '@jest/globals';
import { purchasesIn, resultOf } from './actions.js';

describe('actions of Meta', () => {
  it.each<[string, Record<string, string>, string | null]>([
    ['all places', { purchase: '37', omni_purchase: '37', 'offsite_conversion.fb_pixel_purchase': '30' }, '37'],
    ['all places, by the newer name only', { omni_purchase: '12', 'onsite_conversion.purchase': '12' }, '12'],
    [
      'website and app by themselves',
      { 'offsite_conversion.fb_pixel_purchase': '30', 'app_custom_event.fb_mobile_purchase': '7' },
      '37',
    ],
    ['fractions', { 'onsite_conversion.purchase': '0.1', 'offline_conversion.purchase': '0.2' }, '0.3'],
    ['a zero', { purchase: '0' }, '0'],
    ['other actions', { link_click: '4510', lead: '3' }, null],
    ['nothing', {}, null],
  ])('count each purchase once: %s', (_what, actions, expected) => {
    expect(purchasesIn(actions)).toBe(expected);
  });

  it.each([
    ['OUTCOME_SALES', { type: 'purchase', value: '37' }],
    ['OUTCOME_TRAFFIC', { type: 'link_click', value: '4510' }],
    ['OUTCOME_LEADS', { type: 'lead', value: '3' }],
    ['OUTCOME_ENGAGEMENT', null],
    ['OUTCOME_AWARENESS', null],
    [null, null],
  ])('make the result of %s', (objective, expected) => {
    expect(resultOf(objective, { omni_purchase: '37', link_click: '4510', lead: '3' })).toEqual(expected);
  });
});
