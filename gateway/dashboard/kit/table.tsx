import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useId, useRef } from 'react';
import { useTranslations } from 'use-intl';

export interface Column<Row> {
  key: string;
  /** Empty = the column has actions, and says so to screen readers. */
  label: string;
  cell: (row: Row) => ReactNode;
  /** Figures are aligned at their end. */
  isFigure?: boolean;
  /** Whether the head orders by it; `onSort` does so. */
  isSortable?: boolean;
  /** The name of the row, of which there is one: the head of the row for screen readers. */
  isName?: boolean;
}

export interface Sort {
  key: string;
  direction: 'asc' | 'desc';
}

export interface TableProps<Row> {
  /** What it lists, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sort?: Sort;
  /** Called with what to order by; where the API orders, the order belongs into the address. */
  onSort?: (sort: Sort) => void;
  /** Below the rows: a sum, or what loads more. */
  foot?: ReactNode;
}

const VirtualRows = lazy(() => import('./virtual-rows.tsx').then((rows) => ({ default: rows.VirtualRows })));

/** Fewer rows are all there: they can be searched by the browser, and printed. */
const VIRTUAL_FROM = 120;

function Head<Row>({ column, sort, onSort }: Pick<TableProps<Row>, 'sort' | 'onSort'> & { column: Column<Row> }) {
  const t = useTranslations('app.table');
  const current = sort?.key === column.key ? sort.direction : undefined;
  const Arrow = current === undefined ? ChevronsUpDown : current === 'asc' ? ArrowUp : ArrowDown;
  const order = current && (current === 'asc' ? 'ascending' : 'descending');
  return (
    <th scope="col" className={column.isFigure ? 'figure' : undefined} aria-sort={order}>
      {column.isSortable && onSort ? (
        <button
          type="button"
          className="sort"
          onClick={() => onSort({ key: column.key, direction: current === 'desc' ? 'asc' : 'desc' })}
        >
          {column.label}
          <Arrow aria-hidden size={14} className={current ? undefined : 'faint'} />
        </button>
      ) : (
        column.label || <span className="visually-hidden">{t('actions')}</span>
      )}
    </th>
  );
}

/** A table, of which only the rows in sight are rendered when there are many. It scrolls within itself, never the page sideways. */
export function Table<Row>({ label, columns, rows, keyOf, sort, onSort, foot }: TableProps<Row>) {
  const t = useTranslations('app.table');
  const captionId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const isVirtual = rows.length > VIRTUAL_FROM;
  const rowAt = (index: number) => {
    const row = rows[index] as Row;
    return (
      <tr key={keyOf(row)} aria-rowindex={isVirtual ? index + 2 : undefined}>
        {columns.map(({ key, isName, isFigure, cell }) =>
          isName ? (
            <th key={key} scope="row">
              {cell(row)}
            </th>
          ) : (
            <td key={key} className={isFigure ? 'figure' : undefined}>
              {cell(row)}
            </td>
          ),
        )}
      </tr>
    );
  };
  return (
    <section
      className={isVirtual ? 'table-scroll table-tall' : 'table-scroll'}
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard (WCAG 2.1.1).
      tabIndex={0}
      aria-labelledby={captionId}
    >
      <table className="table" aria-rowcount={isVirtual ? rows.length + 1 : undefined}>
        <caption className="visually-hidden" id={captionId}>
          {label}, {t('rows', { count: rows.length })}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {isVirtual ? (
            <Suspense>
              <VirtualRows scroller={scroller} count={rows.length} columns={columns.length} rowAt={rowAt} />
            </Suspense>
          ) : (
            rows.map((_, index) => rowAt(index))
          )}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </section>
  );
}
