import './status.css';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { client } from '#dashboard/graph/client.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { Failed, Partial } from '#dashboard/kit/states.tsx';
import { Backups } from './backups.tsx';
import { Installation } from './installation.tsx';
import { Jobs } from './jobs.tsx';
import { Parts } from './parts.tsx';
import type { StatusReport } from './status-report.ts';

const REFETCH_MS = 10_000;

/** How the installation is: for operators in detail, for everyone else whether it works. */
export function Screen() {
  const t = useTranslations('status');
  const { data, error, refetch } = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => client.readResource<StatusReport>('/api/status', { signal }),
    refetchInterval: REFETCH_MS,
  });
  const unknown = Object.entries(data?.unknown ?? {}).map(([what, why]) => `${what}: ${why}.`);
  return (
    <Page title={t('title')} text={t('text')}>
      {!data && (
        <Panel title={t('title')}>
          {error ? <Failed error={error} onRetry={() => void refetch()} /> : <Skeleton lines={6} />}
        </Panel>
      )}
      {data && (
        <>
          {error && <Failed error={error} onRetry={() => void refetch()} />}
          <Partial messages={unknown} />
          <div className="status">
            <Installation report={data} />
            {data.backups !== undefined && <Backups backups={data.backups} />}
          </div>
          {data.checks ? <Parts report={data} /> : <p className="note">{t('operatorsOnly')}</p>}
          {data.jobs && <Jobs jobs={data.jobs} />}
        </>
      )}
    </Page>
  );
}
