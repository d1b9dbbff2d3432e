import type { Measure } from '#dashboard/kit/measures/measure.ts';

/** What Google Analytics measures. */
export const measures: readonly Measure[] = [
  { key: 'sessions', unit: 'count', isMoreBetter: true },
  { key: 'engagedSessions', unit: 'count', isMoreBetter: true },
  { key: 'newUsers', unit: 'count', isMoreBetter: true },
  { key: 'keyEvents', unit: 'count', isMoreBetter: true },
  { key: 'engagementRate', unit: 'ratio', isMoreBetter: true },
  { key: 'averageSessionDuration', unit: 'duration', isMoreBetter: true },
  { key: 'views', unit: 'count', isMoreBetter: true },
  { key: 'transactions', unit: 'count', isMoreBetter: true },
  { key: 'revenue', unit: 'money', isMoreBetter: true },
];

/** Those of a row of tiles. */
export const tiles = measures.slice(0, 6);

/** Those over days. */
export const lines = measures.filter(({ key }) => key === 'sessions' || key === 'keyEvents');
