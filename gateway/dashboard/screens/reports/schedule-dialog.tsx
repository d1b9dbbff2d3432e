import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run, runOnce } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateReportSchedule, UpdateReportSchedule } from '#gateway/client/generated/reports.js';
import type { OnIncompleteReport, ReportDeliveryMethod, ReportFormat } from '#gateway/client/generated/types.js';
import { formatOptions } from './formats.ts';
import { RecurrenceFields, recurrenceInput, recurrenceOf } from './recurrence-fields.tsx';
import { type Content, initialContent, ReportContent } from './report-content.tsx';
import { addressesIn, type Schedule } from './schedule.ts';

/** How a report is made and sent, besides its content. */
interface Delivery {
  formats: ReportFormat[];
  deliveryMethod: ReportDeliveryMethod;
  onIncomplete: OnIncompleteReport;
  isReviewed: boolean;
}

const contentOf = ({ template, period, compareTo, clients, currency, language }: Schedule): Content => ({
  templateId: template?.id ?? '',
  period,
  compareTo: compareTo ?? undefined,
  currency: currency ?? undefined,
  language: language ?? undefined,
  clientIds: clients.flatMap((client) => client?.id ?? []),
});

const deliveryOf = (schedule?: Schedule): Delivery => ({
  formats: [...(schedule?.formats ?? (['PDF'] as const))],
  deliveryMethod: schedule?.deliveryMethod ?? 'ATTACHMENT',
  onIncomplete: schedule?.onIncomplete ?? 'HOLD',
  isReviewed: schedule?.isReviewed ?? false,
});

function DeliveryFields({ value, onChange }: { value: Delivery; onChange: (value: Delivery) => void }) {
  const t = useTranslations('reports');
  return (
    <>
      <CheckList
        label={t('files')}
        options={formatOptions}
        chosen={value.formats}
        onChange={(formats) => onChange({ ...value, formats })}
      />
      <div className="fields">
        <Select
          label={t('deliveryMethod')}
          value={value.deliveryMethod}
          options={(['ATTACHMENT', 'LINK'] as const).map((each) => ({ value: each, label: t(`methods.${each}`) }))}
          onChange={(deliveryMethod) => onChange({ ...value, deliveryMethod })}
        />
        <Select
          label={t('onIncomplete')}
          value={value.onIncomplete}
          options={(['HOLD', 'SEND_WITH_NOTE'] as const).map((each) => ({
            value: each,
            label: t(`incomplete.${each}`),
          }))}
          onChange={(onIncomplete) => onChange({ ...value, onIncomplete })}
        />
      </div>
      <CheckList
        label={t('review')}
        options={[{ value: 'reviewed', label: t('isReviewed') }]}
        chosen={value.isReviewed ? ['reviewed'] : []}
        onChange={(chosen) => onChange({ ...value, isReviewed: chosen.length > 0 })}
      />
    </>
  );
}

export interface ScheduleDialogProps {
  /** What a new one reports on. */
  initial?: Partial<Content>;
  /** The one that is changed; absent = a new one. Its recipients have a dialog of their own. */
  schedule?: Schedule;
  onClose: () => void;
}

/** Makes and mails a report again and again. Recipients who are no members are asked before they get one. */
export function ScheduleDialog({ initial, schedule, onClose }: ScheduleDialogProps) {
  const t = useTranslations('reports');
  const tApp = useTranslations('app');
  const [content, setContent] = useState<Content>(schedule ? contentOf(schedule) : { ...initialContent, ...initial });
  const [recurrence, setRecurrence] = useState(recurrenceOf(schedule?.recurrence));
  const [delivery, setDelivery] = useState(deliveryOf(schedule));
  const create = useMemo(() => runOnce(CreateReportSchedule), []);
  const form = useApiForm({ name: schedule?.name ?? '', recipients: '' }, async ({ name, recipients }) => {
    const given = { ...delivery, recurrence: recurrenceInput(recurrence) };
    if (schedule) {
      const { compareTo = null, currency = null, language = null, ...shown } = content;
      const { id: scheduleId, version } = schedule;
      await run(UpdateReportSchedule, { scheduleId, version, name, ...shown, compareTo, currency, language, ...given });
    } else {
      const { clientIds, ...shown } = content;
      await create({
        ...shown,
        clientIds: clientIds.length > 0 ? clientIds : undefined,
        name: name.trim() || undefined,
        recipients: addressesIn(recipients),
        ...given,
      });
    }
    notify({ title: schedule ? t('scheduleChanged') : t('scheduleCreated') });
    onClose();
    await invalidate('ListReportSchedules', 'GetEntitlements');
  });
  return (
    <Dialog isOpen onClose={onClose} title={schedule ? t('editSchedule') : t('newSchedule')}>
      <ApiForm form={form} submit={schedule ? tApp('save') : t('createSchedule')} onCancel={onClose}>
        <Field label={t('scheduleName')} hint={schedule ? undefined : t('scheduleNameHint')} {...form.field('name')} />
        <ReportContent content={content} onChange={setContent} />
        <RecurrenceFields value={recurrence} onChange={setRecurrence} />
        {!schedule && (
          <Field
            label={t('recipients')}
            hint={t('recipientsHint')}
            type="text"
            inputMode="email"
            autoComplete="off"
            {...form.field('recipients')}
          />
        )}
        <DeliveryFields value={delivery} onChange={setDelivery} />
      </ApiForm>
    </Dialog>
  );
}
