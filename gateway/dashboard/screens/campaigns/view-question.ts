import { metricOf } from '#dashboard/kit/measures/measure.ts';
import { comparisons, currencies, periods } from '#dashboard/kit/period.ts';
import type { ListSavedViewsQuery } from '#gateway/client/generated/types.js';
import { measures } from './measures.ts';

type Views = NonNullable<NonNullable<ListSavedViewsQuery['organization']>['savedViews']>;
export type SavedView = Views['edges'][number]['node'];
type Question = SavedView['question'];

/** Returns the word by which an address names a value of the API. */
const wordOf = (words: Record<string, string>, value: string | null) =>
  Object.keys(words).find((word) => words[word] === value);

const isFew = (list: readonly unknown[] | null | undefined) => (list?.length ?? 0) <= 1;

/**
 * Returns a saved question as the list of campaigns has it in its address; undefined where that cannot ask it, as it was saved by a
 * program: by something else than campaigns, of several clients, with conditions.
 */
export function addressOf(question: Question): Record<string, string | undefined> | undefined {
  const { period, range, compareTo, compareRange, groupBy, filter, orderBy, currency } = question;
  const sort = measures.find((measure) => metricOf(measure) === orderBy?.metric)?.key;
  const word = wordOf(periods, period);
  const compare = compareTo === null ? 'none' : wordOf(comparisons, compareTo);
  const pay = currency === null ? 'own' : currencies.find((each) => each === currency);
  const isOfCampaigns = groupBy.length === 1 && groupBy[0] === 'CAMPAIGN';
  const isAskedHere =
    isOfCampaigns &&
    [filter?.clientIds, filter?.providers, filter?.status].every(isFew) &&
    !filter?.accountIds?.length &&
    !filter?.metrics?.length &&
    !compareRange &&
    (!orderBy || orderBy.value === 'CURRENT');
  if (!isAskedHere || !compare || !pay || (!word && !range)) return undefined;
  return {
    period: word,
    from: range?.start,
    to: range?.end,
    compare,
    currency: pay,
    client: filter?.clientIds?.[0],
    provider: filter?.providers?.[0],
    status: filter?.status?.[0],
    search: filter?.nameContains ?? undefined,
    sort,
    direction: orderBy?.direction.toLowerCase(),
  };
}

/** Returns a value without what is null in it: the API says null for what was left out. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (value === null || typeof value !== 'object') return value;
  const known = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(known.map(([name, each]) => [name, withoutNull(each)]));
}

/** Returns a saved question as it is saved again. */
export const inputOf = (question: Question) => withoutNull(question) as never;
