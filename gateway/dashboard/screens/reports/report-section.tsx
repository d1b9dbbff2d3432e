import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { ListReportRows } from '#gateway/client/generated/reports.js';
import type { ShowReportQuery } from '#gateway/client/generated/types.js';
import { useCells } from './use-cells.ts';

type Section = NonNullable<NonNullable<ShowReportQuery['report']>['sections']>[number];
type Row = { index: number; cells: readonly (string | null)[] };

const PREVIEWED_ROWS = 25;

const isFigure = (kind: Section['columns'][number]['kind']) => !['TEXT', 'ID', 'DATE'].includes(kind);

/** The rows without ids and the currency, which are in the files: amounts name theirs. */
function Rows({ reportId, section }: { reportId: string; section: Section }) {
  const t = useTranslations('reports');
  const cell = useCells(section.columns);
  const list = usePages(
    ListReportRows,
    { id: reportId, section: section.key, first: PREVIEWED_ROWS },
    ({ report }) => report?.rows,
  );
  const columns = section.columns
    .map((column, index) => ({ ...column, index }))
    .filter(({ kind, key }) => kind !== 'ID' && key !== 'currency');
  const name = columns.filter(({ role }) => role === 'DIMENSION').at(-1)?.index;
  return (
    <Loaded query={list.query} lines={6}>
      {() => (
        <>
          <Table<Row>
            label={section.title}
            rows={list.items.map(({ cells }, index) => ({ index, cells }))}
            keyOf={({ index }) => String(index)}
            columns={columns.map(({ key, title, kind, index }) => ({
              key,
              label: title,
              isName: index === name,
              isFigure: isFigure(kind),
              cell: ({ cells }) => cell(cells, index),
            }))}
            foot={section.totals.map(({ cells }) => (
              <tr key={cells.join(' ')}>
                {columns.map(({ key, kind, index }, place) => (
                  <td key={key} className={isFigure(kind) ? 'figure' : undefined}>
                    {cells[index] ? cell(cells, index) : place === 0 && t('total')}
                  </td>
                ))}
              </tr>
            ))}
          />
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
