import Big from 'big.js';
import type { Language } from '#reporting/dataset/dataset.js';
import type { WrittenFact } from '#reporting/summary/write-sentences.js';
import type { Vocabulary } from './words/vocabulary.js';

/** A number that may be mentioned. The unit is `percent`, a currency (ISO 4217), or null. */
export interface KnownNumber {
  value: Big;
  unit: string | null;
}

const HUNDRED = 100;

/** Returns the numbers in the values of facts. */
export function numbersOf(facts: WrittenFact[]): KnownNumber[] {
  return facts.flatMap(({ fact }) =>
    Object.values(fact.values).flatMap((value): KnownNumber[] => {
      const figures = value.kind === 'figure' ? [value] : value.kind === 'figures' ? value.figures : [];
      if (value.kind === 'change' || value.kind === 'share') {
        return [{ value: new Big(value.ratio).times(HUNDRED), unit: 'percent' }];
      }
      if (value.kind === 'count') return [{ value: new Big(value.count), unit: null }];
      if (value.kind === 'names') return [{ value: new Big(value.more), unit: null }];
      return figures.map(({ cell, column, currency }) => {
        if (column.kind === 'PERCENT') return { value: new Big(cell).times(HUNDRED), unit: 'percent' };
        return { value: new Big(cell), unit: column.kind === 'MONEY' ? currency : null };
      });
    }),
  );
}

// Digits of every script, with separators within.
const DIGITS = String.raw`\p{Nd}+(?:[.,٫٬’'\u00a0\u202f ]\p{Nd}+)*`;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The marks and names of a currency in a language. */
function marksOf(currency: string, language: Language): string[] {
  const shown = (['symbol', 'narrowSymbol', 'code'] as const).flatMap((currencyDisplay) =>
    [language, 'en'].map(
      (locale) =>
        new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay })
          .formatToParts(1)
          .find(({ type }) => type === 'currency')?.value ?? currency,
    ),
  );
  return [...new Set(shown.map((mark) => mark.replace(/[\u061c\u200e\u200f]/g, '')))];
}

// Other digits are not read: their sentence is dropped.
const ZEROS = [0x660, 0x6f0];

/** Returns Arabic-Indic digits as those of ASCII. */
const asciiDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    return String(code - (ZEROS.findLast((zero) => zero <= code) ?? 0));
  });

/** Returns the number that digits with separators are in a language; null where separators are not where they belong. */
export function readNumber(text: string, language: Language): Big | null {
  const [group, decimal] = language === 'de' ? [/[.’'\u00a0\u202f ]/, /,/] : [/[,٬’'\u00a0\u202f ]/, /[.٫]/];
  const [whole = '', fraction, ...more] = asciiDigits(text).split(decimal);
  if (more.length > 0 || (fraction !== undefined && !/^\d+$/.test(fraction))) return null;
  const groups = whole.split(group);
  const isGrouped = groups.length > 1;
  if (isGrouped && (!/^\d{1,3}$/.test(groups[0] ?? '') || groups.slice(1).some((part) => !/^\d{3}$/.test(part))))
    return null;
  if (!isGrouped && !/^\d+$/.test(whole)) return null;
  const digits = groups.join('');
  return new Big(fraction === undefined ? digits : `${digits}.${fraction}`);
}

/** A number in a text, with its sign, scale and unit. */
export interface MentionedNumber {
  index: number;
  text: string;
  /** Null where it cannot be read. */
  value: Big | null;
  /** What its last digit stands for. */
  step: Big;
  sign: '+' | '-' | null;
  /** As `KnownNumber`; `?` for a currency that is none of the known numbers'. */
  unit: string | null;
}

/** Finds every number in a text, with what belongs to it. */
export function findNumbers(
  text: string,
  { language, vocabulary, known }: { language: Language; vocabulary: Vocabulary; known: KnownNumber[] },
): MentionedNumber[] {
  const currencies = [...new Set(known.flatMap(({ unit }) => (unit && unit !== 'percent' ? unit : [])))];
  const marks = new Map(currencies.flatMap((currency) => marksOf(currency, language).map((mark) => [mark, currency])));
  // Whole words, where they are words.
  const whole = (mark: string) => `(?<!\\p{L})${escaped(mark)}(?!\\p{L})`;
  const currencyPattern = [
    ...[...marks.keys(), ...Object.keys(vocabulary.currencies)].map((mark) =>
      /\p{L}/u.test(mark) ? whole(mark) : escaped(mark),
    ),
    '\\p{Sc}',
  ].join('|');
  const scale = Object.keys(vocabulary.scales)
    .map((word) => `${escaped(word)}(?!\\p{L})\\.?`)
    .join('|');
  const percent = ['%', '٪', ...vocabulary.percent.map((word) => `${escaped(word)}(?!\\p{L})`)].join('|');
  const space = '[ \\u00a0\\u202f]?';
  const pattern = new RegExp(
    `(?<sign>[+\\-−–]${space})?(?:(?<before>${currencyPattern})${space})?(?<digits>${DIGITS})` +
      `(?:${space}(?<scale>${scale}))?(?:${space}(?:(?<percent>${percent})|(?<after>${currencyPattern})))?`,
    'giu',
  );
  return Array.from(text.matchAll(pattern), (match): MentionedNumber => {
    const { sign, before, digits = '', scale: scaleWord, percent: isPercent, after } = match.groups ?? {};
    const factor = scaleWord ? (vocabulary.scales[scaleWord.toLowerCase().replace('.', '')] ?? 1) : 1;
    const value = readNumber(digits, language);
    const mark = before ?? after;
    const currency =
      mark && (marks.get(mark) ?? marks.get(mark.toUpperCase()) ?? vocabulary.currencies[mark.toLowerCase()] ?? '?');
    return {
      index: match.index,
      text: match[0],
      value: value?.times(factor) ?? null,
      step: new Big(10).pow(-decimalsIn(digits, language)).times(factor),
      sign: sign ? (sign.trim() === '+' ? '+' : '-') : null,
      unit: isPercent ? 'percent' : (currency ?? null),
    };
  });
}

function decimalsIn(digits: string, language: Language): number {
  const decimal = language === 'de' ? /,(\p{Nd}+)$/u : /[.٫](\p{Nd}+)$/u;
  return decimal.exec(digits)?.[1]?.length ?? 0;
}

/** So many digits a rounded number has at least: of decimals, and where zeros at its end stand for digits. */
const LEAST_DIGITS = 2;
const LEAST_DIGITS_BEFORE_ZEROS = 3;

function isRoundedTo(exact: Big, value: Big, step: Big, least: number): boolean {
  return exact.div(step).round(0, 1).times(step).eq(value) && value.div(step).gte(10 ** (least - 1));
}

/** Whether a mentioned number is a known one, exactly or rounded to no fewer than two digits. */
export function isKnown({ value, step, sign, unit }: MentionedNumber, known: KnownNumber[]): boolean {
  if (!value) return false;
  return known.some((number) => {
    if (number.unit !== unit) return false;
    if ((sign === '-' && number.value.gt(0)) || (sign === '+' && number.value.lt(0))) return false;
    const exact = number.value.abs();
    if (exact.eq(value)) return true;
    if (isRoundedTo(exact, value, step, LEAST_DIGITS)) return true;
    for (let larger = step.times(10); value.mod(larger).eq(0) && larger.lte(value); larger = larger.times(10)) {
      if (isRoundedTo(exact, value, larger, LEAST_DIGITS_BEFORE_ZEROS)) return true;
    }
    return false;
  });
}
