import { useTranslations } from 'use-intl';
import { Table } from '#dashboard/kit/table.tsx';
import { type Column, useCells } from './use-cells.ts';

interface Row {
  cells: readonly (string | null)[];
}

export interface SectionTableProps {
  title: string;
  columns: readonly Column[];
  rows: readonly Row[];
  totals: readonly Row[];
}

const isFigure = (kind: Column['kind']) => !['TEXT', 'ID', 'DATE'].includes(kind);

/** The rows of a section of a report, without ids and the currency, which are in the files: amounts name theirs. */
export function SectionTable({ title, columns, rows, totals }: SectionTableProps) {
  const t = useTranslations('app.table');
  const cell = useCells(columns);
  const shown = columns
    .map((column, index) => ({ ...column, index }))
    .filter(({ kind, key }) => kind !== 'ID' && key !== 'currency');
  const name = shown.filter(({ role }) => role === 'DIMENSION').at(-1)?.index;
  return (
    <Table<Row & { index: number }>
      label={title}
      rows={rows.map(({ cells }, index) => ({ index, cells }))}
      keyOf={({ index }) => String(index)}
      columns={shown.map(({ key, title: label, kind, index }) => ({
        key,
        label,
        isName: index === name,
        isFigure: isFigure(kind),
        cell: ({ cells }) => cell(cells, index),
      }))}
      foot={totals.map(({ cells }) => (
        <tr key={cells.join(' ')}>
          {shown.map(({ key, kind, index }, place) => (
            <td key={key} className={isFigure(kind) ? 'figure' : undefined}>
              {cells[index] ? cell(cells, index) : place === 0 && t('total')}
            </td>
          ))}
        </tr>
      ))}
    />
  );
}
