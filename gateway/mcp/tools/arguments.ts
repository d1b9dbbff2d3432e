import { z } from 'zod';
import { periodWords } from '#gateway/rest/period-words.js';
import { isCalendarDay } from '#schema/scalars.js';

/** Of one answer. */
export const MAX_ROWS = 100;
const DEFAULT_ROWS = 25;
const MAX_IDS = 50;

const id = (what: string) => z.string().min(1).max(500).describe(what);

const day = (what: string) =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, YYYY-MM-DD')
    .refine(isCalendarDay, 'is no day of the calendar')
    .describe(what)
    .optional();

/** Arguments that choose days: a period, or the first and the last day. */
export const period = {
  period: z
    .enum(periodWords())
    .describe('Days relative to today; default last_30d. Leave it out with startDate and endDate.')
    .optional(),
  startDate: day('First day, YYYY-MM-DD; with endDate, instead of a period.'),
  endDate: day('Last day, YYYY-MM-DD, at most 366 days in all.'),
};

/** Arguments that choose a part of a list. */
export const page = {
  limit: z.number().int().min(1).max(MAX_ROWS).default(DEFAULT_ROWS).describe('How many rows.'),
  after: z.string().max(2_000).describe('Where to go on: the endCursor of the page before.').optional(),
};

export const accountId = id('The id of an account, from list_accounts.');
export const campaignId = id('The id of a campaign, from get_campaign_performance.');
export const clientId = id("The id of a client (an agency's customer), from list_clients.").optional();
export const reportId = id('The id of a report, from list_reports.');

/** Providers by their ids. */
export const providers = z
  .array(z.string().max(100))
  .max(MAX_IDS)
  .describe('Only these providers, by id: google-ads, meta-ads, linkedin-ads, …')
  .optional();

export const accountIds = z
  .array(z.string().max(500))
  .max(MAX_IDS)
  .describe('Only these accounts, by the ids of list_accounts.')
  .optional();
