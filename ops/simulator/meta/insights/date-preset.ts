import { dateOf, startOfMonth, weekdayOf } from '#simulator/data/calendar.js';
import { HISTORY_START } from '#simulator/data/daily-figures.js';

/** Returns the days of a date preset, or undefined for a name Meta does not know. */
export function findPreset(name: string, today: number): { first: number; last: number } | undefined {
  const days = /^last_(3|7|14|28|30|90)d$/.exec(name)?.[1];
  if (days) return { first: today - Number(days), last: today - 1 };
  const month = Number(dateOf(today).slice(5, 7)) - 1;
  const monday = today - ((weekdayOf(today) + 6) % 7);
  switch (name) {
    case 'today':
      return { first: today, last: today };
    case 'yesterday':
      return { first: today - 1, last: today - 1 };
    case 'this_week_mon_today':
      return { first: monday, last: today };
    case 'last_week_mon_sun':
      return { first: monday - 7, last: monday - 1 };
    case 'this_month':
      return { first: startOfMonth(today), last: today };
    case 'last_month':
      return { first: startOfMonth(today, -1), last: startOfMonth(today) - 1 };
    case 'this_quarter':
      return { first: startOfMonth(today, -(month % 3)), last: today };
    case 'last_quarter':
      return { first: startOfMonth(today, -(month % 3) - 3), last: startOfMonth(today, -(month % 3)) - 1 };
    case 'this_year':
      return { first: startOfMonth(today, -month), last: today };
    case 'last_year':
      return { first: startOfMonth(today, -month - 12), last: startOfMonth(today, -month) - 1 };
    case 'maximum':
      return { first: Math.max(HISTORY_START, startOfMonth(today, -37)), last: today };
    default:
      return undefined;
  }
}
