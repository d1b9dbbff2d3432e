import type { Column, ColumnKind } from './dataset.js';

/** Whether cells of a kind are text to a spreadsheet, which may take it for a formula. */
export const isText = (kind: ColumnKind): boolean => kind === 'TEXT' || kind === 'ID';

/** Whether cells of a kind may have decimals. */
export const hasDecimals = (kind: ColumnKind): boolean => kind === 'DECIMAL' || kind === 'MONEY' || kind === 'PERCENT';

/** Whether cells of a kind are numbers. */
export const isNumber = (kind: ColumnKind): boolean => kind === 'INTEGER' || hasDecimals(kind);

/** Returns the index of the column with the currency of the amounts of a row; -1 where there is none. */
export const currencyIndex = (columns: readonly Pick<Column, 'key'>[]): number =>
  columns.findIndex(({ key }) => key === 'currency');
