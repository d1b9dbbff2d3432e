import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { SectionTable } from '#dashboard/kit/report/section-table.tsx';
import { ListReportRows } from '#gateway/client/generated/reports.js';
import type { ShowReportQuery } from '#gateway/client/generated/types.js';

type Section = NonNullable<NonNullable<ShowReportQuery['report']>['sections']>[number];
const PREVIEWED_ROWS = 25;

function Rows({ reportId, section }: { reportId: string; section: Section }) {
  const { key, title, columns, totals } = section;
  const list = usePages(
    ListReportRows,
    { id: reportId, section: key, first: PREVIEWED_ROWS },
    ({ report }) => report?.rows,
  );
  return (
    <Loaded query={list.query} lines={6}>
      {() => (
        <>
          <SectionTable title={title} columns={columns} rows={list.items} totals={totals} />
          <LoadMore list={list} />
        </>
      )}
    </Loaded>
  );
}

/** A section of a report: its text or its rows, the first of them until more are asked for. */
export function ReportSectionPanel({ reportId, section }: { reportId: string; section: Section }) {
  const t = useTranslations('reports');
  const { title, kind, text, rowCount, totalCount } = section;
  const note = totalCount > rowCount ? t('limited', { count: rowCount, total: totalCount }) : undefined;
  return (
    <Panel title={title} text={note}>
      {kind === 'TEXT' && <p dir="auto">{text}</p>}
      {kind !== 'TEXT' && rowCount === 0 && <p className="calm">{t('noRows')}</p>}
      {kind !== 'TEXT' && rowCount > 0 && <Rows reportId={reportId} section={section} />}
    </Panel>
  );
}
