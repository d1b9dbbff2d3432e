import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, runOnce } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateReportSchedule } from '#gateway/client/generated/reports.js';
import type { ReportFormat, Weekday } from '#gateway/client/generated/types.js';
import { formatOptions } from './formats.ts';
import { type Content, initialContent, ReportContent } from './report-content.tsx';

type Every = 'DAILY' | 'WEEKLY' | 'MONTHLY';
const everies: Every[] = ['DAILY', 'WEEKLY', 'MONTHLY'];
const weekdays: Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

/** The addresses in a text: between them are commas, semicolons, spaces or lines. */
const addressesIn = (text: string) => text.split(/[\s,;]+/).filter(Boolean);

/** Makes and mails a report again and again. Recipients who are no members are asked before they get one. */
export function ScheduleDialog({ initial, onClose }: { initial?: Partial<Content>; onClose: () => void }) {
  const t = useTranslations('reports');
  const [content, setContent] = useState<Content>({ ...initialContent, ...initial });
  const [every, setEvery] = useState<Every>('MONTHLY');
  const [weekday, setWeekday] = useState<Weekday>('MONDAY');
  const [formats, setFormats] = useState<ReportFormat[]>(['PDF']);
  const create = useMemo(() => runOnce(CreateReportSchedule), []);
  const form = useApiForm({ name: '', recipients: '', at: '08:00' }, async ({ name, recipients, at }) => {
    const { clientIds, ...rest } = content;
    await create({
      ...rest,
      clientIds: clientIds.length > 0 ? clientIds : undefined,
      name: name.trim() || undefined,
      recurrence: { every, at, ...(every === 'WEEKLY' && { weekday }) },
      recipients: addressesIn(recipients),
      formats,
    });
    notify({ title: t('scheduleCreated') });
    onClose();
    await invalidate('ListReportSchedules', 'GetEntitlements');
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('newSchedule')}>
      <ApiForm form={form} submit={t('createSchedule')} onCancel={onClose}>
        <Field label={t('scheduleName')} hint={t('scheduleNameHint')} {...form.field('name')} />
        <ReportContent content={content} onChange={setContent} />
        <div className="fields">
          <Select
            label={t('every')}
            value={every}
            options={everies.map((value) => ({ value, label: t(`everyOption.${value}`) }))}
            onChange={setEvery}
          />
          {every === 'WEEKLY' && (
            <Select
              label={t('onWeekday')}
              value={weekday}
              options={weekdays.map((value) => ({ value, label: t(`weekday.${value}`) }))}
              onChange={setWeekday}
            />
          )}
          <Field label={t('at')} type="time" {...form.field('at')} />
        </div>
        <Field
          label={t('recipients')}
          hint={t('recipientsHint')}
          type="text"
          inputMode="email"
          autoComplete="off"
          {...form.field('recipients')}
        />
        <CheckList label={t('files')} options={formatOptions} chosen={formats} onChange={setFormats} />
      </ApiForm>
    </Dialog>
  );
}
