import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FilePlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { describeError, invalidate, runOnce } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { GenerateReport } from '#gateway/client/generated/reports.js';
import { type Content, initialContent, ReportContent } from './report-content.tsx';

function Form({ onClose }: { onClose: () => void }) {
  const t = useTranslations('reports');
  const tApp = useTranslations('app');
  const navigate = useNavigate();
  const [content, setContent] = useState<Content>(initialContent);
  const generate = useMemo(() => runOnce(GenerateReport), []);
  const order = useMutation({
    mutationFn: ({ clientIds, ...given }: Content) =>
      generate({ ...given, clientIds: clientIds.length > 0 ? clientIds : undefined, onUnavailable: 'LEAVE_OUT' }),
    onSuccess: ({ generateReport }) => {
      onClose();
      void invalidate('ListReports');
      void navigate({ to: '/app/reports/$reportId', params: { reportId: generateReport.report.id } } as never);
    },
  });
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!order.isPending && content.templateId) order.mutate(content);
      }}
    >
      <ReportContent content={content} onChange={setContent} />
      {order.error && (
        <p className="field-problem" role="alert">
          {describeError(order.error).message}
        </p>
      )}
      <div className="form-buttons">
        <Button onClick={onClose}>{tApp('cancel')}</Button>
        <Button type="submit" look="primary" isBusy={order.isPending}>
          {t('order')}
        </Button>
      </div>
    </form>
  );
}

/** Orders a report from a template; it is shown while it is made. */
export function NewReport() {
  const t = useTranslations('reports');
  const [isOpen, setOpen] = useState(false);
  if (!useHasRole('ANALYST')) return null;
  return (
    <>
      <Button look="primary" icon={<FilePlus aria-hidden size={16} />} onClick={() => setOpen(true)}>
        {t('new')}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t('new')}>
        <Form onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
