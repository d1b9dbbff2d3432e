import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CalendarClock, RotateCcw, Share2, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { notifyFailure } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { CancelReport, DeleteReport, RetryReport } from '#gateway/client/generated/reports.js';
import type { ShowReportQuery } from '#gateway/client/generated/types.js';
import { isUnfinished } from './report-state.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { ShareDialog } from './share-dialog.tsx';

type Report = NonNullable<ShowReportQuery['report']>;
type Asked = 'share' | 'schedule' | 'delete';

/** What can be done with a report in its state: cancel or retry it, share it, have it again and again, delete it. */
export function ReportActions({ report: { id, status, template, currency } }: { report: Report }) {
  const t = useTranslations('reports');
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Asked>();
  const onSuccess = () => invalidate('ShowReport', 'ListReports');
  const onError = (error: Error) => {
    notifyFailure(error, t('failed'));
    void onSuccess();
  };
  const cancel = useMutation({ mutationFn: () => run(CancelReport, { reportId: id }), onSuccess, onError });
  const retry = useMutation({ mutationFn: () => run(RetryReport, { reportId: id }), onSuccess, onError });
  const remove = async () => {
    await run(DeleteReport, { reportId: id });
    notify({ title: t('deleted') });
    await navigate({ to: '/app/reports', replace: true } as never);
    await invalidate('ListReports', 'ListReportShares');
  };
  if (!useHasRole('ANALYST')) return null;
  const close = () => setAsked(undefined);
  return (
    <div className="row-actions">
      {isUnfinished({ status }) && (
        <Button icon={<X aria-hidden size={16} />} isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
          {t('cancelReport')}
        </Button>
      )}
      {(status === 'FAILED' || status === 'CANCELLED') && (
        <Button
          look="primary"
          icon={<RotateCcw aria-hidden size={16} />}
          isBusy={retry.isPending}
          onClick={() => retry.mutate()}
        >
          {t('retry')}
        </Button>
      )}
      {status === 'READY' && (
        <Button icon={<Share2 aria-hidden size={16} />} onClick={() => setAsked('share')}>
          {t('share')}
        </Button>
      )}
      <Button icon={<CalendarClock aria-hidden size={16} />} onClick={() => setAsked('schedule')}>
        {t('schedule')}
      </Button>
      <Button look="quiet" icon={<Trash2 aria-hidden size={16} />} onClick={() => setAsked('delete')}>
        {t('delete')}
      </Button>
      {asked === 'share' && <ShareDialog reportId={id} onClose={close} />}
      {asked === 'schedule' && (
        <ScheduleDialog initial={{ templateId: template.id, currency: currency ?? undefined }} onClose={close} />
      )}
      <Confirm
        isOpen={asked === 'delete'}
        onClose={close}
        title={t('deleteTitle')}
        text={t('deleteText')}
        action={t('delete')}
        onConfirm={remove}
      />
    </div>
  );
}
