import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { type Column, Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { RevokeReportShare } from '#gateway/client/generated/reports.js';
import type { ReportFormat } from '#gateway/client/generated/types.js';

export interface Share {
  id: string;
  isActive: boolean;
  formats: ReportFormat[];
  hasPassword: boolean;
  viewCount: number;
  lastViewedAt: string | null;
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
}

/** Links that show a report without a login: until when, how often they were opened, and what ends them. */
export function ShareTable<Row extends Share>({ shares, name }: { shares: Row[]; name: (share: Row) => ReactNode }) {
  const t = useTranslations('reports');
  const { time, count } = useFigures();
  const mayRevoke = useHasRole('ANALYST');
  const revoke = useMutation({
    mutationFn: (shareId: string) => run(RevokeReportShare, { shareId }),
    onSuccess: () => {
      notify({ title: t('revoked') });
      return invalidate('SharesOfReport', 'ListReportShares');
    },
    onError: (error) => notify({ title: t('failed'), text: describeError(error).message, kind: 'failed' }),
  });
  const state = ({ isActive, revokedAt, hasPassword }: Row) => (
    <span className="row-actions">
      <span className={`badge ${isActive ? 'badge-good' : ''}`}>
        {t(isActive ? 'shares.active' : revokedAt ? 'shares.revoked' : 'shares.expired')}
      </span>
      {hasPassword && <span className="badge">{t('shares.password')}</span>}
    </span>
  );
  const columns: Column<Row>[] = [
    { key: 'name', label: t('column.link'), isName: true, cell: name },
    { key: 'state', label: t('column.state'), cell: state },
    { key: 'files', label: t('files'), cell: ({ formats }) => formats.join(', ') || '–' },
    { key: 'views', label: t('column.views'), isFigure: true, cell: ({ viewCount }) => count(viewCount) },
    { key: 'last', label: t('column.lastView'), cell: ({ lastViewedAt }) => time(lastViewedAt) },
    { key: 'until', label: t('column.until'), cell: ({ expiresAt }) => time(expiresAt) },
    {
      key: 'actions',
      label: t('column.actions'),
      isFigure: true,
      cell: ({ id, isActive }) =>
        isActive &&
        mayRevoke && (
          <Button isBusy={revoke.isPending && revoke.variables === id} onClick={() => revoke.mutate(id)}>
            {t('revoke')}
          </Button>
        ),
    },
  ];
  return <Table label={t('tabs.links')} rows={shares} keyOf={({ id }) => id} columns={columns} />;
}
