import { isText } from '#reporting/dataset/columns.js';
import type { Cell, Column, Language } from '#reporting/dataset/dataset.js';
import { decimalsOf } from '#reporting/texts/formats.js';
import { directionOf } from '#reporting/texts/isolate.js';

const INTEGER = '#,##0';
const DECIMAL = '#,##0.00';
const PERCENT = '0.00%';
const CHANGE = '+0.0%;-0.0%;0.0%';

/** The format of text: it stays text when it is edited, even if it begins with `=`. */
export const TEXT_FORMAT = '@';
export const DATE_FORMAT = 'yyyy-mm-dd';

/** A relative change, its direction not by colour. */
export const TREND_FORMAT = '"▲" +0.0%;"▼" -0.0%;0.0%';

/** Returns the number format of amounts in a currency: its decimals (ISO 4217), its symbol or code where the language writes it. */
export function moneyFormat(currency: string, language: Language): string {
  const decimals = decimalsOf(currency);
  const number = decimals > 0 ? `#,##0.${'0'.repeat(decimals)}` : '#,##0';
  // The code is part of the format, between brackets.
  const code = currency.replace(/[^\p{L}\p{Sc}.]/gu, '').slice(0, 10);
  if (!/^[A-Z]{3}$/.test(currency)) return code ? `${number}\\ [$${code}]` : number;
  const currencyDisplay = directionOf(language) === 'rtl' ? 'code' : 'symbol';
  const parts = new Intl.NumberFormat(`${language}-u-nu-latn`, {
    style: 'currency',
    currency,
    currencyDisplay,
  }).formatToParts(1);
  const shown = parts.findIndex(({ type }) => type === 'currency');
  const symbol = (parts[shown]?.value ?? currency).replace(/[[\]";\u200e\u200f\u061c]/g, '');
  const isFirst = shown < parts.findIndex(({ type }) => type === 'integer');
  const space = parts.some(({ type, value }) => type === 'literal' && /\s/.test(value)) ? '\\ ' : '';
  return isFirst ? `[$${symbol}]${space}${number}` : `${number}${space}[$${symbol}]`;
}

/** Returns the number format of a column's cells; `currency` is that of the row. */
export function formatOf({ kind, role }: Pick<Column, 'kind' | 'role'>, currency: Cell, language: Language): string {
  if (isText(kind)) return TEXT_FORMAT;
  if (kind === 'DATE') return DATE_FORMAT;
  if (role === 'CHANGE') return CHANGE;
  if (kind === 'INTEGER') return INTEGER;
  if (kind === 'PERCENT') return PERCENT;
  return kind === 'MONEY' && currency !== null ? moneyFormat(currency, language) : DECIMAL;
}
