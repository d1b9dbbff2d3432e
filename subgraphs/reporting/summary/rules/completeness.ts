import type { SectionSource } from '#reporting/dataset/dataset.js';
import type { Fact, Value } from '#reporting/summary/fact.js';
import type { SectionFigures } from '#reporting/summary/section-figures.js';

const NAMED = 3;

const IMPORTANCE = { missing: 100, empty: 95, stale: 80, notFinal: 42, shortened: 30 };

const plain = { section: null, currency: null, direction: null } as const;

function namesOf(sources: SectionSource[]): Value {
  const names = [...new Set(sources.map(({ account }) => account))];
  return { kind: 'names', names: names.slice(0, NAMED), more: Math.max(0, names.length - NAMED) };
}

const firstDay = (sources: SectionSource[]) =>
  sources
    .flatMap(({ reportedThrough }) => reportedThrough ?? [])
    .sort()
    .at(0);

function factOf(rule: 'missing' | 'stale' | 'notFinal', sources: SectionSource[]): Fact[] {
  if (sources.length === 0) return [];
  const day = rule === 'missing' ? firstDay(sources) : undefined;
  const isPartly = day !== undefined && sources.every(({ reportedThrough }) => reportedThrough !== null);
  return [
    {
      ...plain,
      rule: isPartly ? 'missingAfter' : rule,
      importance: IMPORTANCE[rule],
      advice: rule === 'missing' ? 'advice.missing' : null,
      values: { names: namesOf(sources), ...(isPartly ? { day: { kind: 'day', day } as const } : {}) },
    },
  ];
}

const empty: Fact = { ...plain, rule: 'empty', importance: IMPORTANCE.empty, advice: null, values: {} };

const stateOf = ({ state }: SectionSource) => (['COMPLETE', 'NOT_FINAL', 'STALE'].includes(state) ? state : 'MISSING');

/** Returns what is missing, not final, or not from this hour, and which rows a template leaves out. */
export function factsOfCompleteness(all: SectionFigures[]): Fact[] {
  const sections = all.map(({ section }) => section);
  const sources = sections.flatMap((section) => section.sources);
  // An account that is missing anywhere is not called late elsewhere.
  const inState = (state: string) => sources.filter((source) => stateOf(source) === state);
  const missing = inState('MISSING');
  const isNamed = ({ accountId }: SectionSource) => missing.some((other) => other.accountId === accountId);
  const isEmpty = all.length > 0 && all.every(({ hasFigures }) => !hasFigures);
  const shortened = sections.filter(({ rowCount, totalCount }) => rowCount > 0 && rowCount < totalCount);
  return [
    ...factOf('missing', missing),
    ...(isEmpty ? [empty] : []),
    ...factOf(
      'stale',
      inState('STALE').filter((source) => !isNamed(source)),
    ),
    ...factOf(
      'notFinal',
      inState('NOT_FINAL').filter((source) => !isNamed(source)),
    ),
    ...shortened.slice(0, 1).map(
      ({ kind, title, rowCount, totalCount }): Fact => ({
        ...plain,
        rule: 'shortened',
        section: { kind, title },
        importance: IMPORTANCE.shortened,
        advice: null,
        values: { count: { kind: 'count', count: rowCount }, total: { kind: 'count', count: totalCount } },
      }),
    ),
  ];
}
