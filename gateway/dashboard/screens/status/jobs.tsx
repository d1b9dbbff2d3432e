import { useTranslations } from 'use-intl';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import type { JobKind, StatusReport } from './status-report.ts';

const byUrgency = (one: JobKind, other: JobKind) =>
  other.dead - one.dead || other.running - one.running || one.name.localeCompare(other.name);

/** The work in the background by its kind: what was given up comes first, then what runs. */
export function Jobs({ jobs }: { jobs: NonNullable<StatusReport['jobs']> }) {
  const t = useTranslations('status');
  const { count, time } = useFigures();
  return (
    <Panel
      title={t('jobs')}
      text={t('jobsText', {
        backend: jobs.backend,
        waiting: count(jobs.waiting),
        running: count(jobs.running),
        dead: count(jobs.dead),
      })}
    >
      <Table
        label={t('jobs')}
        rows={[...jobs.kinds].sort(byUrgency)}
        keyOf={({ name }) => name}
        columns={[
          { key: 'name', label: t('job'), isName: true, cell: ({ name }) => name },
          {
            key: 'dead',
            label: t('dead'),
            isFigure: true,
            cell: ({ dead }) => <span className={dead > 0 ? 'bad' : undefined}>{count(dead)}</span>,
          },
          { key: 'running', label: t('running'), isFigure: true, cell: ({ running }) => count(running) },
          { key: 'waiting', label: t('waiting'), isFigure: true, cell: ({ waiting }) => count(waiting) },
          { key: 'next', label: t('next'), cell: ({ nextRunAt }) => time(nextRunAt) },
        ]}
      />
    </Panel>
  );
}
