import { z } from 'zod';
import type { SectionKind } from '#reporting/dataset/dataset.js';

/** The kinds of sections, in the order of the documentation. */
export const sectionKinds = [
  'PERFORMANCE',
  'SEARCH_QUERIES',
  'ANALYTICS',
  'PLACES',
  'POSTS',
  'BUDGETS',
  'ACCOUNTS',
  'TEXT',
] as const satisfies SectionKind[];

const MAX_SECTIONS = 30;
const MAX_TITLE = 200;
const MAX_TEXT = 10_000;
const MAX_CHARTS = 5;
const MAX_WORDS = 30;
const MAX_IDS = 200;
const MAX_CONDITIONS = 10;

/** Rows of one section, with or without a limit. */
export const MAX_ROWS = 1_000_000;

// PostgreSQL stores no zero characters.
const storable = (text: string) => !text.includes('\0');
const NOT_STORABLE = 'must not contain a zero character';
const text = (max: number) =>
  z
    .string()
    .max(max, `must have at most ${max} characters`)
    .refine(storable, NOT_STORABLE)
    .refine((value) => value.trim() !== '', 'must not be empty');

const list = <Item extends z.ZodType>(item: Item, max: number) =>
  z.array(item).max(max, `must have at most ${max} items`);
const words = list(text(200), MAX_WORDS);
const ids = list(text(500), MAX_IDS).min(1, 'must not be empty').nullish();
const decimal = z
  .string()
  .regex(/^-?(0|[1-9]\d*)(\.\d+)?$/, 'must be a decimal like "12.34"')
  .nullish();
const metricValue = z.enum(['CURRENT', 'PREVIOUS', 'CHANGE', 'CHANGE_PERCENT']);

const condition = z.object({
  metric: text(100),
  value: metricValue.nullish().transform((value) => value ?? 'CURRENT'),
  above: decimal,
  below: decimal,
  atLeast: decimal,
  atMost: decimal,
});

const valueCondition = z.object({ dimension: text(200), contains: text(500).nullish(), oneOf: ids });

const filter = z.object({
  providers: ids,
  clientIds: ids,
  accountIds: ids,
  placeIds: ids,
  postIds: ids,
  status: ids,
  nameContains: text(500).nullish(),
  queryContains: text(500).nullish(),
  queryNotContains: text(500).nullish(),
  pageContains: text(500).nullish(),
  textContains: text(500).nullish(),
  countries: ids,
  devices: ids,
  values: list(valueCondition, MAX_CONDITIONS).nullish(),
  metrics: list(condition, MAX_CONDITIONS).nullish(),
});

const order = z.object({
  metric: text(100),
  value: metricValue.nullish().transform((value) => value ?? 'CURRENT'),
  direction: z
    .enum(['ASC', 'DESC'])
    .nullish()
    .transform((direction) => direction ?? 'DESC'),
});

const DEFAULT_TOP = 8;
const chart = z.object({
  type: z.enum(['LINE', 'BAR', 'DONUT']),
  value: text(100),
  by: text(100),
  series: text(100)
    .nullish()
    .transform((series) => series ?? null),
  top: z
    .int()
    .min(1, 'must be 1 to 50')
    .max(50, 'must be 1 to 50')
    .nullish()
    .transform((top) => top ?? DEFAULT_TOP),
});

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? true);

const section = z.object({
  kind: z.enum(sectionKinds),
  title: text(MAX_TITLE)
    .nullish()
    .transform((title) => title ?? null),
  text: text(MAX_TEXT)
    .nullish()
    .transform((value) => value ?? null),
  groupBy: words.nullish().transform((value) => value ?? null),
  dimensions: words.nullish().transform((value) => value ?? []),
  metrics: words.nullish().transform((value) => value ?? null),
  furtherMetrics: words.nullish().transform((value) => value ?? []),
  filter: filter.nullish().transform((value) => value ?? null),
  orderBy: order.nullish().transform((value) => value ?? null),
  limit: z
    .int()
    .min(1, 'must be at least 1')
    .max(MAX_ROWS, `must be at most ${MAX_ROWS}`)
    .nullish()
    .transform((limit) => limit ?? null),
  isCompared: flag,
  tiles: flag,
  table: flag,
  charts: list(chart, MAX_CHARTS)
    .nullish()
    .transform((charts) => charts ?? []),
});

/** What a report consists of: its sections in order, each a question to the graph or a text. */
export const definitionSchema = z.object({
  sections: list(section, MAX_SECTIONS).min(1, 'must not be empty'),
});

/** A definition as it is given. */
export type DefinitionInput = z.input<typeof definitionSchema>;
/** A definition as it is stored. */
export type Definition = z.output<typeof definitionSchema>;
/** A section of a definition; what is null is the default of its kind. */
export type SectionDefinition = Definition['sections'][number];
export type SectionFilter = NonNullable<SectionDefinition['filter']>;

/** Returns a definition written in code. */
export const defineSections = (sections: DefinitionInput['sections']): Definition =>
  definitionSchema.parse({ sections });
