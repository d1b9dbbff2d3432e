import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { ListReports } from '#gateway/client/generated/reports.js';
import { NewReport } from './new-report.tsx';
import { isUnfinished, ReportState } from './report-state.tsx';

const PAGE_SIZE = 50;
const UNFINISHED_REFETCH_MS = 3_000;

/** The reports, the newest first; those being made show how far they are. */
export function ReportList() {
  const t = useTranslations('reports');
  const { time, days } = useFigures();
  const list = usePages(ListReports, { first: PAGE_SIZE }, ({ organization }) => organization?.reports, {
    refetchEveryMs: (reports) => (reports.some(isUnfinished) ? UNFINISHED_REFETCH_MS : false),
  });
  return (
    <Panel title={t('tabs.reports')}>
      <Loaded query={list.query} lines={8}>
        {({ organization }) =>
          organization?.reports &&
          (list.items.length === 0 ? (
            <Empty title={t('emptyTitle')} text={t('emptyText')} action={<NewReport />} />
          ) : (
            <>
              <Table
                label={t('tabs.reports')}
                rows={list.items}
                keyOf={({ id }) => id}
                columns={[
                  {
                    key: 'title',
                    label: t('column.title'),
                    isName: true,
                    cell: ({ id, title }) => (
                      <Link to={'/app/reports/$reportId' as never} params={{ reportId: id } as never}>
                        <bdi>{title}</bdi>
                      </Link>
                    ),
                  },
                  { key: 'state', label: t('column.state'), cell: (report) => <ReportState report={report} /> },
                  { key: 'days', label: t('column.days'), cell: ({ range }) => days(range.start, range.end) },
                  { key: 'created', label: t('column.created'), cell: ({ createdAt }) => time(createdAt) },
                ]}
              />
              <LoadMore list={list} />
            </>
          ))
        }
      </Loaded>
    </Panel>
  );
}
