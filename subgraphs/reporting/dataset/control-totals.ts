import type { Column, ControlTotal, Row } from './dataset.js';

/** An exact sum of decimals. */
class DecimalSum {
  #units = 0n;
  #scale = 0;

  add(decimal: string): void {
    const point = decimal.indexOf('.');
    const scale = point < 0 ? 0 : decimal.length - point - 1;
    if (scale > this.#scale) {
      this.#units *= 10n ** BigInt(scale - this.#scale);
      this.#scale = scale;
    }
    const units = BigInt(point < 0 ? decimal : decimal.slice(0, point) + decimal.slice(point + 1));
    this.#units += scale < this.#scale ? units * 10n ** BigInt(this.#scale - scale) : units;
  }

  /** Returns it without trailing zeros. */
  toString(): string {
    if (this.#scale === 0) return String(this.#units);
    const sign = this.#units < 0n ? '-' : '';
    const digits = String(sign ? -this.#units : this.#units).padStart(this.#scale + 1, '0');
    const fraction = digits.slice(-this.#scale).replace(/0+$/, '');
    return `${sign}${digits.slice(0, -this.#scale)}${fraction && `.${fraction}`}`;
  }
}

/** Sums the columns of a section over its rows: amounts by the currency in their row. */
export class ControlTotals {
  readonly #columns: { key: string; index: number; isMoney: boolean }[];
  readonly #currency: number;
  readonly #sums = new Map<string, Map<string | null, DecimalSum>>();

  constructor(columns: readonly Column[]) {
    this.#columns = columns.flatMap(({ key, kind, isSummable }, index) =>
      isSummable ? [{ key, index, isMoney: kind === 'MONEY' }] : [],
    );
    this.#currency = columns.findIndex(({ key }) => key === 'currency');
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
