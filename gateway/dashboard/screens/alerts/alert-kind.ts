import type { ListAlertRulesQuery } from '#gateway/client/generated/types.js';

type Rules = NonNullable<NonNullable<ListAlertRulesQuery['organization']>['alertRules']>;
export type AlertRule = Rules['edges'][number]['node'];
export type AlertKind = AlertRule['kind'];

interface Threshold {
  hint: 'hintPercent' | 'hintSpread';
  usual: string;
}

/** What the threshold of a kind is in, and what it is by default; null = it has none. */
export const thresholds: Record<AlertKind, Threshold | null> = {
  OVER_PACE: { hint: 'hintPercent', usual: '10' },
  UNDER_PACE: { hint: 'hintPercent', usual: '10' },
  SPEND_UNUSUAL: { hint: 'hintSpread', usual: '3' },
  CPA_UNUSUAL: { hint: 'hintSpread', usual: '3' },
  NOTHING_SPENT: null,
  TRACKING_GONE: null,
  CONNECTION_FAILING: null,
};
export const alertKinds = Object.keys(thresholds) as AlertKind[];
