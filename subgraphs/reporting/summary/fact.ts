import type { Column, SectionKind } from '#reporting/dataset/dataset.js';
import type { SummaryText } from '#reporting/texts/summary/index.js';

/** A value a sentence mentions, as in the dataset: what it reads like follows from the language. */
export type Value =
  /** A figure of the dataset, in the currency of its row. */
  | { kind: 'figure'; cell: string; column: Column; currency: string | null }
  /** A change as ratio, without its sign: the sentence says the direction. */
  | { kind: 'change'; ratio: string }
  /** A ratio that is a share, `1.2` = 120 %. */
  | { kind: 'share'; ratio: string }
  /** The name of a metric. */
  | { kind: 'metric'; column: Column }
  /** What a user or a provider named. */
  | { kind: 'name'; name: string; column: Column | null }
  /** Such names: at most a few, and how many there are besides. */
  | { kind: 'names'; names: string[]; more: number }
  | { kind: 'count'; count: number }
  | { kind: 'day'; day: string }
  /** Metrics with their figures. */
  | { kind: 'figures'; figures: { column: Column; cell: string; currency: string | null }[] };

/** Which way a figure went. */
export type Direction = 'up' | 'down';

/** The key of a text with advice. */
export type Advice = Extract<SummaryText, `advice.${string}`>;

/** The key of a sentence about figures. */
export type Rule = Exclude<SummaryText, Advice | 'of' | 'more' | 'figure'>;

/** A sentence before it has words: what a rule found in the dataset. */
export interface Fact {
  /** The key of its text. */
  rule: Rule;
  /** Facts of more importance come first. */
  importance: number;
  /** The figures it is about; the title where those of another section of this kind are others. */
  section: { kind: SectionKind; title: string | null } | null;
  /** Where a section has figures in several currencies. */
  currency: string | null;
  direction: Direction | null;
  values: Record<string, Value>;
  /** The key of the text that says what to look at. */
  advice: Advice | null;
}
