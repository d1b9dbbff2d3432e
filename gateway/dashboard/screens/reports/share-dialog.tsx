import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, runOnce } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Secret } from '#dashboard/kit/secret.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateReportShare } from '#gateway/client/generated/reports.js';
import type { ReportFormat } from '#gateway/client/generated/types.js';
import { formatOptions } from './formats.ts';

const DAYS = ['7', '30', '90'] as const;

/** Creates a link that shows a report without a login. Its address is shown once. */
export function ShareDialog({ reportId, onClose }: { reportId: string; onClose: () => void }) {
  const t = useTranslations('reports');
  const [days, setDays] = useState<(typeof DAYS)[number]>('30');
  const [formats, setFormats] = useState<ReportFormat[]>(['PDF']);
  const [url, setUrl] = useState<string>();
  const create = useMemo(() => runOnce(CreateReportShare), []);
  const form = useApiForm({ password: '' }, async ({ password }) => {
    const { createReportShare } = await create({
      reportId,
      days: Number(days),
      formats,
      password: password || undefined,
    });
    setUrl(createReportShare.url);
    await invalidate('SharesOfReport', 'ListReportShares');
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('shareTitle')} text={t('shareText')}>
      {url ? (
        <Secret label={t('link')} value={url} />
      ) : (
        <ApiForm form={form} submit={t('createLink')} onCancel={onClose}>
          <Select
            label={t('validFor')}
            value={days}
            options={DAYS.map((value) => ({ value, label: t('days', { count: Number(value) }) }))}
            onChange={setDays}
          />
          <CheckList label={t('files')} options={formatOptions} chosen={formats} onChange={setFormats} />
          <Field
            label={t('password')}
            hint={t('passwordHint')}
            type="password"
            autoComplete="new-password"
            {...form.field('password')}
          />
        </ApiForm>
      )}
    </Dialog>
  );
}
