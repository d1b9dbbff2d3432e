import { useTranslations } from 'use-intl';
import { Field } from '#dashboard/kit/field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import type { ReportRecurrenceInput, Weekday } from '#gateway/client/generated/types.js';
import type { Schedule } from './schedule.ts';

/** When a schedule runs, with a value for each field: those that `every` does not have are not sent. */
export interface Recurrence {
  every: ReportRecurrenceInput['every'];
  at: string;
  weekday: Weekday;
  day: number;
  month: number;
  cron: string;
}

const everies: Recurrence['every'][] = ['DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'CRON'];
const weekdays: Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const LAST_DAY = 31;

/** Returns the recurrence of a schedule for its fields; of a new one, each month's first day at eight. */
export const recurrenceOf = (given?: Schedule['recurrence']): Recurrence => ({
  every: given?.every ?? 'MONTHLY',
  at: given?.at ?? '08:00',
  weekday: given?.weekday ?? 'MONDAY',
  day: given?.day ?? 1,
  month: given?.month ?? 1,
  cron: given?.cron ?? '0 8 * * 1',
});

/** Returns what the API takes of a recurrence. */
export function recurrenceInput({ every, at, weekday, day, month, cron }: Recurrence): ReportRecurrenceInput {
  if (every === 'CRON') return { every, cron };
  if (every === 'WEEKLY') return { every, at, weekday };
  if (every === 'MONTHLY') return { every, at, day };
  if (every === 'QUARTERLY') return { every, at, day, month };
  return { every, at };
}

export interface RecurrenceFieldsProps {
  value: Recurrence;
  onChange: (value: Recurrence) => void;
}

/** How often, on which day and when. */
export function RecurrenceFields({ value, onChange }: RecurrenceFieldsProps) {
  const t = useTranslations('reports');
  const { every, at, weekday, day, month, cron } = value;
  const days = Array.from({ length: LAST_DAY }, (_, index) => String(index + 1));
  return (
    <div className="fields">
      <Select
        label={t('every')}
        value={every}
        options={everies.map((each) => ({ value: each, label: t(`everyOption.${each}`) }))}
        onChange={(next) => onChange({ ...value, every: next })}
      />
      {every === 'WEEKLY' && (
        <Select
          label={t('onWeekday')}
          value={weekday}
          options={weekdays.map((each) => ({ value: each, label: t(`weekday.${each}`) }))}
          onChange={(next) => onChange({ ...value, weekday: next })}
        />
      )}
      {every === 'QUARTERLY' && (
        <Select
          label={t('inMonth')}
          value={String(month)}
          options={['1', '2', '3'].map((each) => ({
            value: each,
            label: t('monthOfQuarter', { month: Number(each) }),
          }))}
          onChange={(next) => onChange({ ...value, month: Number(next) })}
        />
      )}
      {(every === 'MONTHLY' || every === 'QUARTERLY') && (
        <Select
          label={t('onDay')}
          value={String(day)}
          options={days.map((each) => ({ value: each, label: Number(each) === LAST_DAY ? t('lastDay') : each }))}
          onChange={(next) => onChange({ ...value, day: Number(next) })}
        />
      )}
      {every === 'CRON' ? (
        <Field
          label={t('cron')}
          hint={t('cronHint')}
          dir="ltr"
          value={cron}
          onChange={({ target }) => onChange({ ...value, cron: target.value })}
        />
      ) : (
        <Field
          label={t('at')}
          type="time"
          value={at}
          onChange={({ target }) => onChange({ ...value, at: target.value })}
        />
      )}
    </div>
  );
}
