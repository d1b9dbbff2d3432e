import * as z from 'zod/mini';
import type { Comparison, Period } from '#dashboard/graph/generated/graphql.ts';

/** The periods to choose from, by their words in an address. */
export const periods = {
  last_7d: 'LAST_7_DAYS',
  last_14d: 'LAST_14_DAYS',
  last_28d: 'LAST_28_DAYS',
  last_30d: 'LAST_30_DAYS',
  last_90d: 'LAST_90_DAYS',
  this_month: 'THIS_MONTH',
  last_month: 'LAST_MONTH',
  this_quarter: 'THIS_QUARTER',
  last_quarter: 'LAST_QUARTER',
  this_year: 'THIS_YEAR',
  last_12m: 'LAST_12_MONTHS',
} as const satisfies Record<string, Period>;
export type PeriodWord = keyof typeof periods;

export const comparisons = {
  previous_period: 'PREVIOUS_PERIOD',
  previous_year: 'PREVIOUS_YEAR',
} as const satisfies Record<string, Comparison>;
export type ComparisonWord = keyof typeof comparisons | 'none';

/** Currencies that amounts can be converted into, and `own`: each in its own. */
export const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'own'] as const;

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

/** The question that every screen of figures shares, as it stands in the address. What is not understood is its default. */
export const questionSchema = z.object({
  period: z.catch(z.enum(Object.keys(periods) as [PeriodWord, ...PeriodWord[]]), 'last_30d'),
  from: z.catch(z.optional(day), undefined),
  to: z.catch(z.optional(day), undefined),
  compare: z.catch(z.enum(['previous_period', 'previous_year', 'none']), 'previous_period'),
  currency: z.catch(z.enum(currencies), 'EUR'),
  client: z.catch(z.optional(z.string()), undefined),
});
export type Question = z.output<typeof questionSchema>;

/** Returns the days of a question as arguments of the API. */
export function daysOf({ period, from, to }: Question) {
  return from && to ? { range: { start: from, end: to } } : { period: periods[period] };
}

/** Returns a question as arguments of the API's figures. */
export function figuresOf(question: Question) {
  const { compare, currency, client } = question;
  return {
    ...daysOf(question),
    compareTo: compare === 'none' ? undefined : comparisons[compare],
    currency: currency === 'own' ? undefined : currency,
    filter: client ? { clientIds: [client] } : undefined,
  };
}
