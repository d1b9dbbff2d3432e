import { Temporal } from 'temporal-polyfill';

/** When reminders are sent. */
const MORNING = '08:00';

/** Returns eight o'clock in a time zone, so many days before the day an instant is on there. */
export function localMorning({ of, days }: { of: Date; days: number }, timeZone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(of.getTime()).toZonedDateTimeISO(timeZone);
  const day = local.toPlainDate().subtract({ days });
  return new Date(day.toZonedDateTime({ timeZone, plainTime: MORNING }).epochMilliseconds);
}
