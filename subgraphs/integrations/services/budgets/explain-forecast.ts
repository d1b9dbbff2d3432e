import type { BudgetForecast, BudgetPace } from './budget-pace.js';

const WITHIN = 'The interval is how far four of five such forecasts were off that were as many days long.';

/** Says how a forecast is made, in one or two sentences. */
export function explainForecast({
  method,
  low,
  pace: { through, daysLeft },
}: Pick<BudgetForecast, 'method' | 'low'> & { pace: Pick<BudgetPace, 'through' | 'daysLeft'> }): string {
  if (method === 'MONTH_OVER') return 'The month is over: this is what was spent.';
  const known = through ? `What was spent through ${through}` : 'Nothing of the month is over';
  const days =
    daysLeft === 1 ? 'the day that is left, today,' : `each of the ${daysLeft} days that are left, from today,`;
  const each =
    method === 'WEEKDAY_MEDIAN'
      ? 'the median of the last four days of the same weekday, times how the last seven days compare with theirs'
      : 'the average of the days known of the last four weeks, as they are too few to tell weekdays apart';
  return [`${known}; for ${days} ${each}.`, ...(low === null ? [] : [WITHIN])].join(' ');
}
