import { createElement, type ReactNode, useMemo } from 'react';
import { useFigures } from '#dashboard/kit/figures.ts';
import type { ShowReportQuery } from '#gateway/client/generated/types.js';

/** A column of a section of a report. */
export type Column = NonNullable<NonNullable<ShowReportQuery['report']>['sections']>[number]['columns'][number];

/** Returns what shows a cell of a report by the kind of its column. Amounts are in the currency of their row. */
export function useCells(columns: readonly Column[]): (cells: readonly (string | null)[], index: number) => ReactNode {
  const { count, money, ratio, change, day } = useFigures();
  return useMemo(() => {
    const currency = columns.findIndex(({ key }) => key === 'currency');
    return (cells, index) => {
      const text = cells[index];
      const column = columns[index];
      if (text === null || text === undefined || !column) return '–';
      if (column.role === 'CHANGE') return change(Number(text) * 100);
      if (column.kind === 'DATE') return day(text, 'short');
      if (column.kind === 'PERCENT') return ratio(Number(text));
      if (column.kind === 'INTEGER' || column.kind === 'DECIMAL') return count(Number(text));
      const code = cells[currency];
      if (column.kind === 'MONEY' && code) return money({ amount: text, currency: code });
      return createElement('bdi', null, text);
    };
  }, [columns, count, money, ratio, change, day]);
}
