import { readFileSync } from 'node:fs';
import { buildSchema, coerceInputValue, type GraphQLSchema, isInputObjectType } from 'graphql';
import { InvalidInput, type Problem } from '#runtime/errors.js';
import { schemaFile } from '#schema/type-definitions.js';
import { catalogues, isTimeUnit } from './catalogue.js';
import { type Definition, definitionSchema, type SectionDefinition, type SectionFilter } from './definition.js';
import { columnsOf, isComparedSection } from './section-columns.js';

const MAX_DIMENSIONS = 3;
const MAX_FURTHER_DIMENSIONS = 5;
const MAX_FURTHER_METRICS = 10;

let api: GraphQLSchema | undefined;
const apiSchema = () => {
  api ??= buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
  return api;
};

/** Returns a path as it is written in programs: `sections[2].metrics[0]`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );

type Add = (path: readonly (string | number)[], problem: string) => void;

const named = (words: readonly string[]) => words.join(', ');

/** Returns a filter without what is left out. */
export function givenFilter(filter: SectionFilter | null): Record<string, unknown> {
  const isGiven = ([, value]: [string, unknown]) => value !== null && value !== undefined;
  const given = Object.entries(filter ?? {}).filter(isGiven);
  return Object.fromEntries(
    given.map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.map((item) =>
            typeof item === 'object' ? Object.fromEntries(Object.entries(item).filter(isGiven)) : item,
          )
        : value,
    ]),
  );
}

function checkWords(add: Add, field: string, given: readonly string[] | null, known: readonly string[]): void {
  given?.forEach((word, index) => {
    if (!known.includes(word))
      add([field, index], known.length > 0 ? `must be one of ${named(known)}` : 'is not possible here');
    else if (given.indexOf(word) < index) add([field, index], 'must not be given twice');
  });
}

function checkGrouping(add: Add, section: SectionDefinition): void {
  const { kind, groupBy, dimensions } = section;
  const grouped = groupBy ?? [];
  if (grouped.length > MAX_DIMENSIONS) add(['groupBy'], `must not have more than ${MAX_DIMENSIONS} dimensions`);
  if (grouped.filter(isTimeUnit).length > 1) add(['groupBy'], 'must have one of DAY, WEEK and MONTH only');
  if (kind === 'PERFORMANCE' && grouped.includes('DEVICE') && grouped.includes('COUNTRY')) {
    add(['groupBy'], 'must not have DEVICE and COUNTRY together');
  }
  if (kind !== 'ANALYTICS' && dimensions.length > 0) add(['dimensions'], 'is for ANALYTICS only');
  if (dimensions.length > MAX_FURTHER_DIMENSIONS)
    add(['dimensions'], `must not have more than ${MAX_FURTHER_DIMENSIONS} items`);
  if (kind !== 'ANALYTICS' && section.furtherMetrics.length > 0) add(['furtherMetrics'], 'is for ANALYTICS only');
  if (section.furtherMetrics.length > MAX_FURTHER_METRICS) {
    add(['furtherMetrics'], `must not have more than ${MAX_FURTHER_METRICS} items`);
  }
}

function checkBounds(
  add: Add,
  path: (string | number)[],
  condition: NonNullable<SectionFilter['metrics']>[number],
): void {
  const { above, below, atLeast, atMost } = condition;
  const lower = [above, atLeast].filter((bound) => typeof bound === 'string');
  const upper = [below, atMost].filter((bound) => typeof bound === 'string');
  if (lower.length + upper.length === 0) add(path, 'must have one of above, below, atLeast and atMost');
  if (lower.length > 1) add(path, 'must not have both above and atLeast');
  if (upper.length > 1) add(path, 'must not have both below and atMost');
  const [low] = lower;
  const [high] = upper;
  if (low !== undefined && high !== undefined && Number(low) > Number(high)) {
    add(path, 'must not have a lower bound above its upper bound');
  }
}

function checkFilter(add: Add, section: SectionDefinition): void {
  const { kind, filter } = section;
  if (kind === 'TEXT' || !filter) return;
  const { filterInput, metrics } = catalogues[kind];
  const given = givenFilter(filter);
  filter.values?.forEach(({ contains, oneOf }, index) => {
    if (!contains && !oneOf) add(['filter', 'values', index], 'must have contains or oneOf');
  });
  filter.metrics?.forEach((condition, index) => {
    const path = ['filter', 'metrics', index];
    if (!(condition.metric in metrics)) add([...path, 'metric'], `must be one of ${named(Object.keys(metrics))}`);
    if (condition.value !== 'CURRENT' && !isComparedSection(section)) add([...path, 'value'], 'needs a comparison');
    checkBounds(add, path, condition);
  });
  if (!filterInput) {
    for (const name of Object.keys(given)) {
      if (!['providers', 'clientIds'].includes(name)) add(['filter', name], `is not possible for ${kind}`);
    }
    return;
  }
  const input = apiSchema().getType(filterInput);
  if (!isInputObjectType(input)) throw new Error(`The API has no input ${filterInput}.`);
  for (const [name, value] of Object.entries(given)) {
    const field = input.getFields()[name];
    if (!field) add(['filter', name], `is not possible for ${kind}`);
    else if (name !== 'metrics')
      coerceInputValue(value, field.type, (path, _value, { message }) =>
        add(['filter', name, ...path], `is not possible: ${message}`),
      );
  }
}

function checkOrder(add: Add, section: SectionDefinition): void {
  const { kind, orderBy } = section;
  if (kind === 'TEXT' || !orderBy) return;
  const known = kind === 'BUDGETS' ? [] : Object.keys(catalogues[kind].metrics);
  if (!known.includes(orderBy.metric)) {
    add(['orderBy', 'metric'], known.length > 0 ? `must be one of ${named(known)}` : `is not possible for ${kind}`);
  }
  if (orderBy.value !== 'CURRENT' && !isComparedSection(section)) add(['orderBy', 'value'], 'needs a comparison');
}

function checkCharts(add: Add, section: SectionDefinition): void {
  const columns = columnsOf(section, { isCompared: true }).map(({ column }) => column);
  const figures = columns.filter(({ role }) => role !== 'DIMENSION').map(({ key }) => key);
  const dimensions = columns.filter(({ role }) => role === 'DIMENSION').map(({ key }) => key);
  section.charts.forEach(({ value, by, series }, index) => {
    const check = (field: string, word: string, known: string[]) => {
      if (!known.includes(word))
        add(['charts', index, field], `must be a column of the section: ${named(known) || 'it has none'}`);
    };
    check('value', value, figures);
    check('by', by, dimensions);
    if (series !== null) check('series', series, dimensions);
  });
}

function checkSection(section: SectionDefinition, add: Add): void {
  const { kind, text, groupBy, metrics } = section;
  if (kind === 'TEXT') {
    if (!text) add(['text'], 'must be given for TEXT');
    const unused = { groupBy, metrics, filter: section.filter, orderBy: section.orderBy, limit: section.limit };
    for (const [name, value] of Object.entries(unused)) if (value !== null) add([name], 'is not possible for TEXT');
    if (section.charts.length > 0) add(['charts'], 'is not possible for TEXT');
    return;
  }
  const catalogue = catalogues[kind];
  if (text !== null) add(['text'], 'is for TEXT only');
  checkWords(add, 'groupBy', groupBy, Object.keys(catalogue.dimensions));
  checkWords(add, 'metrics', metrics, Object.keys(catalogue.metrics));
  checkGrouping(add, section);
  checkFilter(add, section);
  checkOrder(add, section);
  checkCharts(add, section);
}

/** Returns a definition that the graph can be asked. Throws InvalidInput with the path of each problem: `sections[2].metrics[0]`. */
export function checkDefinition(given: unknown): Definition {
  const parsed = definitionSchema.safeParse(given);
  if (!parsed.success) {
    throw new InvalidInput(
      parsed.error.issues.map(({ path, message }) => ({ argument: pathText(path) || 'definition', problem: message })),
    );
  }
  const problems: Problem[] = [];
  parsed.data.sections.forEach((section, index) => {
    checkSection(section, (path, problem) =>
      problems.push({ argument: pathText(['sections', index, ...path]), problem }),
    );
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  return parsed.data;
}
