import type { Column, Language } from '#reporting/dataset/dataset.js';
import { isolate } from '#reporting/texts/isolate.js';
import { type SummaryText, summaryTextsOf } from '#reporting/texts/summary/index.js';
import { textsOf } from '#reporting/texts/texts.js';
import type { Fact, Value } from './fact.js';

/** At most so many, advice included. */
export const MAX_SENTENCES = 8;
const MAX_ADVICE = 2;

const MAX_NAME = 60;

/** Returns a name as sentences have it: without line ends, and with at most 60 characters. */
export function shortName(name: string): string {
  const plain = name.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  const letters = Array.from(new Intl.Segmenter().segment(plain), ({ segment }) => segment);
  return letters.length > MAX_NAME ? `${letters.slice(0, MAX_NAME - 1).join('')}…` : plain;
}

/** A fact with its words. */
export interface WrittenFact {
  fact: Fact;
  sentence: string;
  isAdvice: boolean;
  /** What to look at because of it, without figures. */
  advice: WrittenFact | null;
  /** The words of the sentence, without its values. */
  wording: string;
  /** Its values as they read, without isolates: names, figures, and what figures are called. */
  names: string[];
  figures: string[];
  labels: string[];
  /** The figures of the range and of the days it is compared with, where the sentence has both. */
  current: string | null;
  previous: string | null;
}

type Filled = { text: string } | string | number;
type AnyText = (key: SummaryText, values: Record<string, Filled>) => string;

/** Writes facts in one language. Sentences name what they are about where a report has several kinds of figures or currencies. */
export function writeFacts(
  language: Language,
  facts: Fact[],
  { kinds, currencies }: { kinds: number; currencies: number },
): WrittenFact[] {
  const { direction, formats, formatCell, heading, text: reportText } = textsOf(language);
  // Values fit their text: both belong to a rule.
  const text = summaryTextsOf(language) as unknown as AnyText;
  const headingOf = (column: Column) => heading({ key: column.key.replace(/^(?:previous|change)\./, '') });
  const absolute = (ratio: string) => ratio.replace(/^[-+]/, '');

  // Lists have no text of their own.
  const readAs = (value: Value): string => {
    if (value.kind === 'figure') return formatCell(value.cell, { ...value.column, role: 'CURRENT' }, value.currency);
    if (value.kind === 'change') return formats.change(absolute(value.ratio)).replace('+', '');
    if (value.kind === 'share') return formats.percent(value.ratio);
    if (value.kind === 'count') return formats.integer(String(value.count));
    if (value.kind === 'day') return formats.day(value.day);
    if (value.kind === 'metric') return headingOf(value.column);
    if (value.kind === 'name') return shortName(value.column ? formatCell(value.name, value.column, null) : value.name);
    if (value.kind === 'names') return value.names.map(shortName).join(' · ');
    return value.figures
      .map((figure) => `${headingOf(figure.column)} ${readAs({ kind: 'figure', ...figure })}`)
      .join(' · ');
  };

  const filled = (value: Value): Filled => {
    if (value.kind === 'name') return readAs(value);
    if (value.kind === 'metric') return { text: readAs(value) };
    if (value.kind === 'names') {
      const names = formats.list(value.names.map((name) => isolate(shortName(name), direction)));
      return { text: value.more > 0 ? text('more', { names: { text: names }, count: value.more }) : names };
    }
    if (value.kind === 'figures') {
      const parts = value.figures.map(({ column, ...figure }) => {
        const shown = formats.isolated(readAs({ kind: 'figure', column, ...figure }));
        return text('figure', { metric: { text: headingOf(column) }, value: { text: shown } });
      });
      return { text: formats.list(parts) };
    }
    return { text: formats.isolated(readAs(value)) };
  };

  const topicOf = ({ section, currency }: Fact): string[] => [
    ...(section?.title
      ? [shortName(section.title)]
      : section && kinds > 1
        ? [reportText(`section.${section.kind}`)]
        : []),
    ...(currency && currencies > 1 ? [currency] : []),
  ];

  const wordingOf = (key: SummaryText, { values }: Fact): string => {
    const blank = Object.fromEntries(Object.keys(values).map((name) => [name, { text: ' ' }]));
    const more = Object.values(values).some((value) => value.kind === 'names' && value.more > 0);
    const keys: SummaryText[] = [key, ...(more ? ['more' as const] : [])];
    return keys.map((one) => text(one, { names: { text: ' ' }, count: { text: ' ' }, ...blank })).join(' ');
  };
  const figuresOf = (value: Value): string[] => {
    if (value.kind === 'figures') return value.figures.map((figure) => readAs({ kind: 'figure', ...figure }));
    return ['figure', 'change', 'share', 'count', 'day'].includes(value.kind) ? [readAs(value)] : [];
  };
  const labelsOf = (value: Value): string[] => {
    if (value.kind === 'figures') return value.figures.map(({ column }) => headingOf(column));
    return value.kind === 'metric' ? [readAs(value)] : [];
  };

  return facts.map((fact) => {
    const values = Object.fromEntries(Object.entries(fact.values).map(([name, value]) => [name, filled(value)]));
    const all = Object.values(fact.values);
    const plain = text(fact.rule, values);
    const topics = topicOf(fact);
    const { current, previous } = fact.values;
    const names = all.flatMap((value) => {
      if (value.kind === 'names') return value.names.map(shortName);
      return value.kind === 'name' ? [readAs(value)] : [];
    });
    const advice: WrittenFact | null = fact.advice && {
      fact: { ...fact, direction: null, values: {} },
      sentence: text(fact.advice, values),
      isAdvice: true,
      advice: null,
      wording: wordingOf(fact.advice, fact),
      names,
      figures: [],
      labels: [],
      current: null,
      previous: null,
    };
    return {
      fact,
      sentence: topics.length > 0 ? text('of', { topic: topics.join(', '), sentence: { text: plain } }) : plain,
      isAdvice: false,
      advice,
      wording: wordingOf(fact.rule, fact),
      names,
      figures: all.flatMap(figuresOf),
      labels: [...all.flatMap(labelsOf), ...topics],
      current: current && previous ? readAs(current) : null,
      previous: current && previous ? readAs(previous) : null,
    };
  });
}

/** Returns what a summary says: the most important facts, then what to look at, one advice of each kind. */
export function choose(written: WrittenFact[]): WrittenFact[] {
  const heard = new Set<string>();
  const advice = written.slice(0, MAX_SENTENCES).flatMap((one) => {
    if (!one.advice || !one.fact.advice || heard.has(one.fact.advice)) return [];
    heard.add(one.fact.advice);
    return [one.advice];
  });
  const kept = advice.slice(0, MAX_ADVICE);
  return [...written.slice(0, MAX_SENTENCES - kept.length), ...kept];
}
