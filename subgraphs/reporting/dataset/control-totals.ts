import { currencyIndex } from './columns.js';
import type { Column, ControlTotal, Row } from './dataset.js';
import { DecimalSum } from './decimal-sum.js';

/** Sums the columns of a section over its rows: amounts by the currency in their row. */
export class ControlTotals {
  readonly #columns: { key: string; index: number; isMoney: boolean }[];
  readonly #currency: number;
  readonly #sums = new Map<string, Map<string | null, DecimalSum>>();

  constructor(columns: readonly Column[]) {
    this.#columns = columns.flatMap(({ key, kind, isSummable }, index) =>
      isSummable ? [{ key, index, isMoney: kind === 'MONEY' }] : [],
    );
    this.#currency = currencyIndex(columns);
    for (const { key } of this.#columns) this.#sums.set(key, new Map());
  }

  add(row: Row): void {
    for (const { key, index, isMoney } of this.#columns) {
      const cell = row[index];
      if (cell === null || cell === undefined) continue;
      const currency = isMoney ? (row[this.#currency] ?? null) : null;
      const sums = this.#sums.get(key);
      let sum = sums?.get(currency);
      if (!sum) {
        sum = new DecimalSum();
        sums?.set(currency, sum);
      }
      sum.add(cell);
    }
  }

  /** Returns a sum per column and currency that has a value, in the order of columns and of first rows. */
  result(): ControlTotal[] {
    return [...this.#sums].flatMap(([column, sums]) =>
      [...sums].map(([currency, sum]) => ({ column, currency, sum: String(sum) })),
    );
  }
}
