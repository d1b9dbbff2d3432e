import { z } from 'zod';
import { findDay } from '#simulator/data/calendar.js';
import { invalidArgument } from '#simulator/google/errors.js';

const DIMENSIONS = ['date', 'query', 'page', 'country', 'device', 'searchAppearance', 'hour'] as const;
const TYPES = ['web', 'image', 'video', 'news', 'discover', 'googleNews'] as const;
const AGGREGATIONS = ['auto', 'byPage', 'byProperty', 'byNewsShowcasePanel'] as const;
const DATA_STATES = ['final', 'all', 'hourlyAll'] as const;
const OPERATORS = ['equals', 'notEquals', 'contains', 'notContains', 'includingRegex', 'excludingRegex'] as const;
const MAX_ROWS = 25_000;

export type Dimension = (typeof DIMENSIONS)[number];

/** Accepts `byPage`, `BY_PAGE` and `by_page`: guide and discovery document differ. */
function word<const T extends readonly string[]>(words: T) {
  const plain = (text: string) => text.replaceAll('_', '').toLowerCase();
  return z.string().transform((text, context): T[number] => {
    const found = words.find((one) => plain(one) === plain(text));
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `"${text}" is not one of ${words.join(', ')}` });
    return z.NEVER;
  });
}

/** Body of searchAnalytics/query. */
export const queryRequest = z.strictObject({
  startDate: z.string().default(''),
  endDate: z.string().default(''),
  dimensions: z.array(word(DIMENSIONS)).default([]),
  type: word(TYPES).optional(),
  searchType: word(TYPES).optional(),
  dimensionFilterGroups: z
    .array(
      z.strictObject({
        groupType: word(['and']).default('and'),
        filters: z
          .array(
            z.strictObject({
              dimension: word(DIMENSIONS),
              operator: word(OPERATORS).default('equals'),
              expression: z.string(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  aggregationType: word(AGGREGATIONS).default('auto'),
  rowLimit: z.int().default(1_000),
  startRow: z.int().default(0),
  dataState: word(DATA_STATES).default('final'),
});

export type QueryRequest = z.infer<typeof queryRequest>;
export type QueryFilter = QueryRequest['dimensionFilterGroups'][number]['filters'][number];

export interface Query {
  first: number;
  last: number;
  dimensions: Dimension[];
  type: (typeof TYPES)[number];
  filters: QueryFilter[];
  aggregation: 'byPage' | 'byProperty';
  rowLimit: number;
  startRow: number;
  dataState: (typeof DATA_STATES)[number];
}

/** Validates a request; throws for invalid combinations. */
export function readQuery(request: QueryRequest): Query {
  const { dimensions, dataState, rowLimit, startRow } = request;
  const [first, last] = [readDay('startDate', request.startDate), readDay('endDate', request.endDate)];
  if (first > last) throw invalidArgument('startDate must not be after endDate.');
  if (rowLimit < 1 || rowLimit > MAX_ROWS) throw invalidArgument(`rowLimit must be between 1 and ${MAX_ROWS}.`);
  if (startRow < 0) throw invalidArgument('startRow must not be negative.');
  if (new Set(dimensions).size < dimensions.length) throw invalidArgument('A dimension is named more than once.');
  const filters = request.dimensionFilterGroups.flatMap((group) => group.filters);
  const type = request.type ?? request.searchType ?? 'web';
  const used = [...dimensions, ...filters.map(({ dimension }) => dimension)];
  if (filters.some(({ dimension }) => dimension === 'date' || dimension === 'hour')) {
    throw invalidArgument('date and hour cannot be filtered by.');
  }
  if (used.includes('query') && (type === 'discover' || type === 'googleNews')) {
    throw invalidArgument(`The dimension query is not known of type ${type}.`);
  }
  if (dimensions.includes('searchAppearance') && dimensions.length > 1) {
    throw invalidArgument('searchAppearance cannot be grouped with other dimensions.');
  }
  if (dimensions.includes('hour') !== (dataState === 'hourlyAll')) {
    throw invalidArgument('The dimension hour and the dataState hourly_all must come together.');
  }
  const aggregation = aggregationOf(request.aggregationType, used.includes('page'));
  return { first, last, dimensions, type, filters, aggregation, rowLimit, startRow, dataState };
}

function readDay(name: string, text: string): number {
  if (text === '') throw invalidArgument(`${name} is required.`, 'required');
  const day = findDay(text);
  if (day === null) throw invalidArgument(`${name} must be a date such as 2026-10-01, not '${text}'.`);
  return day;
}

function aggregationOf(requested: (typeof AGGREGATIONS)[number], isByPage: boolean): Query['aggregation'] {
  if (requested === 'byNewsShowcasePanel') {
    throw invalidArgument(
      'byNewsShowcasePanel needs the search appearance NEWS_SHOWCASE in type discover or googleNews.',
    );
  }
  if (requested === 'byProperty' && isByPage) {
    throw invalidArgument('Grouping or filtering by page cannot be aggregated by property.');
  }
  if (requested === 'auto') return isByPage ? 'byPage' : 'byProperty';
  return requested;
}
