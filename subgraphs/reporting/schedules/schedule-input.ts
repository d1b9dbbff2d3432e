import { z } from 'zod';
import { languages } from '#reporting/dataset/dataset.js';
import type { ReportSchedule } from '#reporting/entities/report-schedule.js';
import { formats } from '#reporting/rendering/renderer.js';
import { InvalidInput } from '#runtime/errors.js';
import { isMailAddress } from '#runtime/mail/address.js';
import { nameUpTo } from '#runtime/name.js';
import { cronProblem, type Recurrence, type Weekday } from './recurrence.js';

export const MAX_RECIPIENTS = 50;
const MAX_CLIENTS = 200;

/** `ReportRecurrenceInput` of the schema. */
export interface RecurrenceInput {
  every: Recurrence['every'];
  at?: string | null;
  weekday?: Weekday | null;
  day?: number | null;
  month?: number | null;
  cron?: string | null;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

const fieldsOf: Record<Recurrence['every'], (keyof RecurrenceInput)[]> = {
  DAILY: ['at'],
  WEEKLY: ['at', 'weekday'],
  MONTHLY: ['at', 'day'],
  QUARTERLY: ['at', 'day', 'month'],
  CRON: ['cron'],
};

function refuse(field: keyof RecurrenceInput, problem: string): never {
  throw new InvalidInput([{ argument: `recurrence.${field}`, problem }]);
}

const isFrom1To = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;

/** Returns the recurrence that was given. Throws InvalidInput, also for a field of another frequency. */
export function recurrenceOf(given: RecurrenceInput): Recurrence {
  const { every } = given;
  for (const field of ['at', 'weekday', 'day', 'month', 'cron'] as const) {
    const isForeign = !fieldsOf[every].includes(field) && given[field] !== undefined && given[field] !== null;
    if (isForeign) refuse(field, `must be left out for ${every}`);
  }
  if (every === 'CRON') {
    const cron = (given.cron ?? '').trim().split(/\s+/).join(' ');
    const problem = cronProblem(cron);
    return problem ? refuse('cron', problem) : { every, cron };
  }
  const at = given.at ?? '08:00';
  if (!TIME.test(at)) refuse('at', 'must be a time like 08:00');
  if (every === 'DAILY') return { every, at };
  if (every === 'WEEKLY') return { every, at, weekday: given.weekday ?? 'MONDAY' };
  const day = given.day ?? 1;
  if (!isFrom1To(day, 31)) refuse('day', 'must be 1 to 31; a month without that day has its last one');
  if (every === 'MONTHLY') return { every, at, day };
  const month = given.month ?? 1;
  if (!isFrom1To(month, 3)) refuse('month', 'must be 1 to 3: which month of the quarter');
  return { every, at, day, month };
}

const lowerFormats = z
  .array(z.string().transform((format) => format.toLowerCase()))
  .transform((given) => formats.filter((format) => given.includes(format)))
  .refine((given) => given.length > 0, `must name at least one of ${formats.join(', ').toUpperCase()}`);

/** What of a schedule is checked here; the rest is, as an order of a report. */
export const scheduleInput = z.object({
  name: nameUpTo(200).nullish(),
  formats: lowerFormats.nullish(),
  clientIds: z
    .array(z.string())
    .nullish()
    .transform((ids) => (ids === undefined ? undefined : [...new Set(ids?.map((id) => id.toLowerCase()))]))
    .refine((ids) => (ids?.length ?? 0) <= MAX_CLIENTS, `must name at most ${MAX_CLIENTS} clients`),
  language: z.enum(languages, `must be one of ${languages.join(', ')}`).nullish(),
});

const emailInput = z
  .string()
  .transform((email) => email.normalize('NFC').trim())
  .refine(isMailAddress, 'must be one mail address');

export const recipientInput = z.object({ email: emailInput });

export const recipientsInput = z.object({
  recipients: z
    .array(emailInput)
    .min(1, 'must name at least one address')
    .max(MAX_RECIPIENTS, `must name at most ${MAX_RECIPIENTS} addresses`),
});

/** What the audit trail says of a schedule. */
export function auditedSchedule(schedule: ReportSchedule): Record<string, unknown> {
  const { name, templateId, recurrence, period, compareTo, clientIds, currency, language, formats } = schedule;
  const { deliveryMethod, onIncomplete, isReviewed, ownerId } = schedule;
  const question = { templateId, period, compareTo, clientIds, currency, language, formats };
  return { name, recurrence, ...question, deliveryMethod, onIncomplete, isReviewed, ownerId };
}
