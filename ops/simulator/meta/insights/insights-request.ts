import { z } from 'zod';
import { dateOf, findDay, startOfMonth, weekdayOf } from '#simulator/data/calendar.js';
import { HISTORY_START } from '#simulator/data/daily-figures.js';
import { GraphError, invalidParameter } from '#simulator/meta/graph-error.js';
import { readJsonParameter } from '#simulator/meta/json-parameter.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import { isInsightsField } from './insights-fields.js';

export interface DayRange {
  first: number;
  last: number;
}

export type Level = 'account' | 'campaign' | 'adset' | 'ad';

export type Breakdown = 'publisher_platform' | 'impression_device' | 'country';

export interface InsightsRequest {
  level: Level;
  fields: string[];
  /** One set of rows per range. */
  ranges: DayRange[];
  breakdown: Breakdown | null;
  sort: { field: string; descending: boolean } | null;
  /** Fields of the summary over all pages; null = no summary. */
  summary: string[] | null;
}

const DEFAULT_FIELDS = ['account_id', 'impressions', 'spend'];
const HISTORY_MONTHS = 37;
const timeRange = z.strictObject({ since: z.string(), until: z.string() });

/** Parses an insights call: https://developers.facebook.com/docs/marketing-api/insights/parameters */
export function readInsightsRequest(
  query: URLSearchParams,
  ownLevel: 'account' | 'campaign',
  today: number,
): InsightsRequest {
  const level = query.get('level') ?? ownLevel;
  if (!isLevel(level)) throw invalidParameter('Param level must be one of {ad, adset, campaign, account}');
  const fields =
    query
      .get('fields')
      // Meta's Python library sends lists comma-separated in calls and as JSON in asynchronous reports.
      ?.replace(/[[\]"]/g, '')
      .split(',')
      .map((field) => field.trim())
      .filter(Boolean) ?? DEFAULT_FIELDS;
  for (const field of fields) {
    if (!isInsightsField(field)) throw new NotSimulated(`the field ${field} of insights`);
  }
  return {
    level,
    fields,
    ranges: readRanges(query, today),
    breakdown: readBreakdown(query, level),
    sort: readSort(query),
    summary: readSummary(query, fields),
  };
}

function readSummary(query: URLSearchParams, fields: string[]): string[] | null {
  const text = query.get('summary') ?? '';
  const isDefault = query.get('default_summary') === 'true';
  // Meta's Python library requests a summary even of this list, which has none; `total_count` is one of other lists.
  const names = /^(true|1|total_count)$/i.test(text)
    ? []
    : text
        .replace(/[[\]"'\s]/g, '')
        .split(',')
        .filter(Boolean);
  for (const name of names) if (!isInsightsField(name)) throw new NotSimulated(`the field ${name} in a summary`);
  if (!isDefault && names.length === 0) return null;
  return [...new Set([...(isDefault ? fields : []), ...names])];
}

/** Returns the days of `time_range` or `date_preset`; all time without either. */
export function readDays(query: URLSearchParams, today: number): DayRange {
  const one = readJsonParameter(query, 'time_range', timeRange);
  return one ? readRange(one, today) : presetRange(query.get('date_preset') ?? 'maximum', today);
}

/** Returns the ranges that `time_range`, `time_ranges`, `date_preset` and `time_increment` select. */
function readRanges(query: URLSearchParams, today: number): DayRange[] {
  const several = readJsonParameter(query, 'time_ranges', z.array(timeRange).min(1));
  if (several) return several.map((range) => readRange(range, today));
  const one = readJsonParameter(query, 'time_range', timeRange);
  const range = one ? readRange(one, today) : presetRange(query.get('date_preset') ?? 'last_30d', today);
  return split(range, query.get('time_increment') ?? 'all_days');
}

function readRange({ since, until }: z.infer<typeof timeRange>, today: number): DayRange {
  const [first, last] = [findDay(since), findDay(until)];
  if (first === null || last === null)
    throw invalidParameter("Param time_range must be a date range such as {'since':'2026-10-01','until':'2026-10-31'}");
  if (first > last) throw invalidParameter('Must be a valid date range: since is after until');
  if (first < startOfMonth(today, -HISTORY_MONTHS)) {
    throw new GraphError('(#3018) The start date of the time range cannot be beyond 37 months from the current date', {
      code: 3018,
    });
  }
  return { first, last };
}

function presetRange(name: string, today: number): DayRange {
  const range = findPreset(name, today);
  if (!range) throw invalidParameter(`Param date_preset is not valid: ${name}`);
  return range;
}

function split({ first, last }: DayRange, increment: string): DayRange[] {
  if (increment === 'all_days') return [{ first, last }];
  const days = /^\d+$/.test(increment) ? Number(increment) : 0;
  if (increment !== 'monthly' && (days < 1 || days > 90))
    throw invalidParameter('Param time_increment must be 1 to 90, monthly or all_days');
  const ranges: DayRange[] = [];
  for (let start = first; start <= last; ) {
    const next = days > 0 ? start + days : startOfMonth(start, 1);
    ranges.push({ first: start, last: Math.min(next - 1, last) });
    start = next;
  }
  return ranges;
}

const isLevel = (text: string): text is Level => ['account', 'campaign', 'adset', 'ad'].includes(text);

const BREAKDOWNS: readonly Breakdown[] = ['publisher_platform', 'impression_device', 'country'];

function readBreakdown(query: URLSearchParams, level: Level): Breakdown | null {
  const [name, ...others] = (query.get('breakdowns') ?? '')
    .replace(/[[\]"\s]/g, '')
    .split(',')
    .filter(Boolean);
  if (name === undefined) return null;
  if (others.length > 0) throw new NotSimulated(`the breakdowns ${[name, ...others].join()} together`);
  const breakdown = BREAKDOWNS.find((one) => one === name);
  if (!breakdown) throw new NotSimulated(`the breakdown ${name}`);
  if (level === 'adset' || level === 'ad') throw new NotSimulated(`breakdowns at the level ${level}`);
  return breakdown;
}

function readSort(query: URLSearchParams): InsightsRequest['sort'] {
  const [text] = readJsonParameter(query, 'sort', z.array(z.string())) ?? [];
  if (text === undefined) return null;
  const [, field, direction] = /^(\w+)_(ascending|descending)$/.exec(text) ?? [];
  if (!field) throw invalidParameter(`Param sort is not valid: ${text}`);
  if (!isInsightsField(field)) throw new NotSimulated(`sorting by ${field}`);
  return { field, descending: direction === 'descending' };
}

/** Undefined for an unknown preset. */
function findPreset(name: string, today: number): { first: number; last: number } | undefined {
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
    case 'this_week_sun_today':
      return { first: today - weekdayOf(today), last: today };
    case 'last_week_sun_sat':
      return { first: today - weekdayOf(today) - 7, last: today - weekdayOf(today) - 1 };
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
    case 'data_maximum':
    case 'maximum':
      return { first: Math.max(HISTORY_START, startOfMonth(today, -37)), last: today };
    default:
      return undefined;
  }
}
