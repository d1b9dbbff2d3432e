import type { Dataset, SectionKind } from '#reporting/dataset/dataset.js';
import type { Fact } from './fact.js';
import { factsOfCompleteness } from './rules/completeness.js';
import { RowWatch } from './rules/rows.js';
import { factsOfTotals } from './rules/totals.js';
import { SectionFigures } from './section-figures.js';

const MAX_OF_A_RULE = 2;
const MAX_CHANGES = 3;

/** Returns the kind of figures that sections share: accounts have those of advertising. */
export const familyOf = (kind: SectionKind) => (kind === 'ACCOUNTS' ? 'PERFORMANCE' : kind);

/** Whether two sections of a family have the same totals, as far as they have the same metrics: filters make others. */
function areSameTotals(one: SectionFigures, other: SectionFigures): boolean {
  const shared = one.metrics.filter((metric) => other.has(metric));
  const textOf = (figures: SectionFigures) =>
    JSON.stringify(
      figures.section.totals.map((cells) => [
        figures.currencyOf(cells),
        ...shared.map((metric) => figures.numberOf(cells, metric)),
      ]),
    );
  return textOf(one) === textOf(other);
}

/** Returns what sentences call each section: by its title where others of its family have other totals. */
function callSections(sections: SectionFigures[]): Map<string, Fact['section']> {
  const called = sections.map(({ section: { id, kind, title } }, index): [string, Fact['section']] => {
    const family = sections.filter(({ section }) => familyOf(section.kind) === familyOf(kind));
    const own = sections[index] as SectionFigures;
    const isAlone = family.every((other) => areSameTotals(own, other));
    return [id, { kind: familyOf(kind), title: isAlone ? null : title }];
  });
  return new Map(called);
}

/** What a fact is about: of two sections that say the same, one is heard. */
function topicOf({ rule, section, currency, values }: Fact): string {
  const metric = values.metric?.kind === 'metric' ? values.metric.column.metric : null;
  const name = values.name?.kind === 'name' ? values.name.name : null;
  return JSON.stringify([rule, section, currency, metric, name]);
}

const CHANGES = ['rose', 'fell', 'began', 'improved', 'worsened'];

function ranked(facts: Fact[]): Fact[] {
  const topics = new Set<string>();
  const counts = new Map<string, number>();
  return facts
    .map((fact, index) => ({ fact, index }))
    .sort((one, other) => other.fact.importance - one.fact.importance || one.index - other.index)
    .flatMap(({ fact }) => {
      const topic = topicOf(fact);
      const kind = CHANGES.includes(fact.rule) ? 'change' : fact.rule;
      const count = counts.get(kind) ?? 0;
      const isRepeated = topics.has(topic) || count >= (kind === 'change' ? MAX_CHANGES : MAX_OF_A_RULE);
      if (isRepeated) return [];
      topics.add(topic);
      counts.set(kind, count + 1);
      return [fact];
    });
}

/**
 * Returns what is worth saying about a report, the most important first: from its dataset alone, always the same from the same. Reads
 * every row once and keeps no more than a few. Amounts of different currencies are never put together.
 */
export async function findFacts(dataset: Dataset, signal?: AbortSignal): Promise<Fact[]> {
  const { sections } = dataset.manifest;
  const all = sections.filter(({ kind }) => kind !== 'TEXT').map((section) => new SectionFigures(section));
  const called = callSections(all);
  const facts = factsOfCompleteness(all);
  for (const figures of all) {
    const section = called.get(figures.section.id) ?? null;
    facts.push(...factsOfTotals(figures, section));
    const watch = new RowWatch(figures, section);
    if (!watch.isWatching) continue;
    for await (const rows of dataset.rows(figures.section.id)) {
      signal?.throwIfAborted();
      for (const row of rows) watch.add(row);
    }
    facts.push(...watch.facts);
  }
  return ranked(facts);
}
