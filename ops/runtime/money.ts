import Big from 'big.js';

// A constructor of our own: its settings are global. Quotients are rounded to the millionth, half away from zero.
const Decimal = Big();
Decimal.DP = 6;
Decimal.RM = Big.roundHalfUp;

const MICRO_DECIMALS = 6;

// A number format costs more to make than all the rest here.
const minorDigits = new Map<string, number>();

/** The minor digits of a currency (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD; 2 for an unknown one. */
function minorDigitsOf(currency: string): number {
  const known = minorDigits.get(currency);
  if (known !== undefined) return known;
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  minorDigits.set(currency, digits);
  return digits;
}

/** An exact amount in one currency. Immutable. */
export class Money {
  readonly currency: string;
  readonly #amount: Big;

  private constructor(amount: Big, currency: string) {
    this.#amount = amount;
    this.currency = currency;
  }

  /** Returns an amount given as decimal text such as `12.34`. Throws for text that is no number. */
  static fromDecimal(text: string, currency: string): Money {
    return new Money(new Decimal(text), currency);
  }

  /** Returns an amount given in millionths of the currency's unit. */
  static fromMicros(micros: string | bigint, currency: string): Money {
    return new Money(new Decimal(`${micros}e-${MICRO_DECIMALS}`), currency);
  }

  /** Returns the exact sum of amounts of one currency, each given as decimal text. */
  static sum(amounts: Iterable<string>, currency: string): Money {
    let total = new Decimal(0);
    for (const amount of amounts) total = total.plus(amount);
    return new Money(total, currency);
  }

  /** Returns the amount per item, to the millionth, half away from zero; undefined when `count` is zero. */
  per(count: number): Money | undefined {
    // Conversions come in fractions: six decimals of them count.
    const divisor = new Decimal(count.toFixed(MICRO_DECIMALS));
    return divisor.eq(0) ? undefined : new Money(this.#amount.div(divisor), this.currency);
  }

  /** Returns this amount divided by another of the same currency; undefined when that is zero. */
  ratioTo(other: Money): number | undefined {
    const divisor = Number(other.toMicros());
    return divisor === 0 ? undefined : Number(this.toMicros()) / divisor;
  }

  /** Compares amounts, for sorting. */
  compare(other: Money): number {
    return this.#amount.cmp(other.#amount);
  }

  /** Returns the amount in millionths of the currency's unit, cut off there. */
  toMicros(): bigint {
    return BigInt(this.#amount.toFixed(MICRO_DECIMALS, Big.roundDown).replace('.', ''));
  }

  /** Returns decimal text rounded to the currency's minor digits, half away from zero: for estimates. */
  toRoundedString(): string {
    return this.#amount.toFixed(minorDigitsOf(this.currency), Big.roundHalfUp);
  }

  /** Returns exact decimal text with at least the currency's minor digits: `5339.50` USD, `1200` JPY. */
  toString(): string {
    const { c: digits, e: exponent } = this.#amount;
    return this.#amount.toFixed(Math.max(digits.length - 1 - exponent, minorDigitsOf(this.currency)));
  }
}
