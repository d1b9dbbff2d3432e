import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
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

/** Links that show a report without a login: until when, how often they were opened, and what ends them, once that is asked. */
export function ShareTable<Row extends Share>({ shares, name }: { shares: Row[]; name: (share: Row) => ReactNode }) {
  const t = useTranslations('reports');
  const { time, count } = useFigures();
  const mayRevoke = useHasRole('ANALYST');
  const [doomed, setDoomed] = useState<Row>();
  const revoke = async () => {
    if (!doomed) return;
    await run(RevokeReportShare, { shareId: doomed.id });
    notify({ title: t('revoked') });
    await invalidate('SharesOfReport', 'ListReportShares');
  };
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
      cell: (share) => share.isActive && mayRevoke && <Button onClick={() => setDoomed(share)}>{t('revoke')}</Button>,
    },
  ];
  return (
    <>
      <Table label={t('tabs.links')} rows={shares} keyOf={({ id }) => id} columns={columns} />
      <Confirm
        isOpen={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title={t('revokeTitle')}
        text={t('revokeText')}
        action={t('revoke')}
        onConfirm={revoke}
      />
    </>
  );
}
