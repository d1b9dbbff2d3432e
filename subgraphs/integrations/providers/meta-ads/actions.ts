import Big from 'big.js';
import type { ActionCount } from '#integrations/providers/provider.js';

/** Values as decimals by Meta's name of the action. */
export type Actions = Record<string, string>;

// Meta reports one purchase under several names. https://developers.facebook.com/docs/marketing-api/reference/ads-action-stats
/** Each of these has the purchases of all places. */
const ALL_PURCHASES = ['omni_purchase', 'purchase'];
/** The places: website, app, Facebook and Instagram themselves, store. */
const PURCHASES_BY_PLACE = [
  'offsite_conversion.fb_pixel_purchase',
  'app_custom_event.fb_mobile_purchase',
  'onsite_conversion.purchase',
  'offline_conversion.purchase',
];

/** Returns the purchases, each once whatever names it is reported under; null when none is reported. */
export function purchasesIn(actions: Actions): string | null {
  const whole = ALL_PURCHASES.find((name) => name in actions);
  if (whole) return actions[whole] ?? null;
  const places = PURCHASES_BY_PLACE.flatMap((name) => actions[name] ?? []);
  return places.length === 0 ? null : places.reduce((sum, value) => sum.plus(value), new Big(0)).toFixed();
}

// The results of awareness are people reached, who do not add up.
const RESULTS: Record<string, string[]> = {
  OUTCOME_LEADS: ['lead'],
  OUTCOME_TRAFFIC: ['link_click'],
  OUTCOME_ENGAGEMENT: ['post_engagement'],
  OUTCOME_APP_PROMOTION: ['omni_app_install', 'mobile_app_install'],
};

/** Returns what a campaign is for, by its objective, and how often it was achieved; null when that is not reported. */
export function resultOf(objective: string | null, actions: Actions): ActionCount | null {
  if (objective === 'OUTCOME_SALES') {
    const value = purchasesIn(actions);
    return value === null ? null : { type: 'purchase', value };
  }
  const type = RESULTS[objective ?? '']?.find((name) => name in actions);
  return type === undefined ? null : { type, value: actions[type] ?? '0' };
}
