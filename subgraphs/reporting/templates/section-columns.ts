import Big from 'big.js';
import type { Cell, Column, Row } from '#reporting/dataset/dataset.js';
import { catalogues, type Field, fieldOf, keyOf, type Metric } from './catalogue.js';
import type { SectionDefinition } from './definition.js';

/** A row of an answer of the graph, or its totals. */
export type Answered = Readonly<Record<string, unknown>>;

/** A column with how its cell is read from a row. */
export interface ReadColumn {
  column: Column;
  read(row: Answered): Cell;
}

const valueAt = (row: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Answered | null | undefined)?.[name], row);

/** Returns a value as text, a number as an exact decimal without an exponent. */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'number' ? new Big(value).toFixed() : String(value);
}

function dimension({ key, kind, path }: Field): ReadColumn {
  const names = path.split('.');
  const column: Column = { key, kind, role: 'DIMENSION', metric: null, isSummable: false };
  return { column, read: (row) => cellOf(valueAt(row, names)) };
}

/** A relative change is reported in percent of the previous value. */
const ratioOf = (percent: unknown): Cell =>
  typeof percent === 'number' ? new Big(percent).times('0.01').toFixed() : null;

function figure(metric: string, { kind, isSummable }: Metric, isCompared: boolean): ReadColumn[] {
  const key = keyOf(metric);
  const name = fieldOf(metric);
  const amount = kind === 'MONEY' ? ['amount'] : [];
  const of = (group: string) => (row: Answered) => cellOf(valueAt(row, [group, name, ...amount]));
  const current: ReadColumn = {
    column: { key, kind, role: 'CURRENT', metric: key, isSummable },
    read: of('metrics'),
  };
  if (!isCompared) return [current];
  return [
    current,
    { column: { key: `previous.${key}`, kind, role: 'PREVIOUS', metric: key, isSummable }, read: of('previous') },
    {
      column: { key: `change.${key}`, kind: 'PERCENT', role: 'CHANGE', metric: key, isSummable: false },
      read: (row) => ratioOf(valueAt(row, ['change', name, 'percent'])),
    },
  ];
}

interface Further {
  metric: string;
  value: string | null;
}

/** A metric in Google's words: Google computes it for each row, so it does not add up. */
function furtherFigure(metric: string, isCompared: boolean): ReadColumn[] {
  const of = (group: string) => (row: Answered) =>
    cellOf((valueAt(row, [group, 'further']) as Further[] | undefined)?.find((one) => one.metric === metric)?.value);
  const column = { kind: 'DECIMAL', metric, isSummable: false } as const;
  const current: ReadColumn = { column: { ...column, key: metric, role: 'CURRENT' }, read: of('metrics') };
  if (!isCompared) return [current];
  return [current, { column: { ...column, key: `previous.${metric}`, role: 'PREVIOUS' }, read: of('previous') }];
}

function furtherDimension(name: string): ReadColumn {
  return {
    column: { key: name, kind: 'TEXT', role: 'DIMENSION', metric: null, isSummable: false },
    read: (row) =>
      cellOf(
        (row.values as { dimension: string; value: string }[] | undefined)?.find(({ dimension }) => dimension === name)
          ?.value,
      ),
  };
}

/** Whether a section has the days it is compared with, in a report that is compared. */
export function isComparedSection({ kind, isCompared, groupBy }: SectionDefinition): boolean {
  if (kind === 'TEXT' || !isCompared || !catalogues[kind].isComparable) return false;
  // A post was posted once.
  return !(kind === 'POSTS' && (groupBy ?? catalogues.POSTS.groupBy).includes('POST'));
}

/** Returns the columns of a section, from left to right: what its rows are grouped by, then its figures. */
export function columnsOf(section: SectionDefinition, { isCompared }: { isCompared: boolean }): ReadColumn[] {
  const { kind, groupBy, metrics, dimensions, furtherMetrics } = section;
  if (kind === 'TEXT') return [];
  const catalogue = catalogues[kind];
  const isWithPrevious = isCompared && isComparedSection(section);
  const grouped = (groupBy ?? catalogue.groupBy).flatMap((word) => catalogue.dimensions[word] ?? []);
  const columns = [
    ...[...grouped, ...catalogue.fields].map(dimension),
    ...dimensions.map(furtherDimension),
    ...(metrics ?? Object.keys(catalogue.metrics)).flatMap((word) => {
      const metric = catalogue.metrics[word];
      return metric ? figure(word, metric, isWithPrevious) : [];
    }),
    ...furtherMetrics.flatMap((metric) => furtherFigure(metric, isWithPrevious)),
  ];
  return [...new Map(columns.map((column) => [column.column.key, column])).values()];
}

/** Returns the cells of a row. */
export const rowOf = (columns: readonly ReadColumn[], row: Answered): Row => columns.map(({ read }) => read(row));

/** Returns an id for each section, unique in the report: `performance`, `performance-2`. */
export function sectionIds(sections: readonly Pick<SectionDefinition, 'kind'>[]): string[] {
  const counts = new Map<string, number>();
  return sections.map(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const name = kind.toLowerCase().replaceAll('_', '-');
    return count === 1 ? name : `${name}-${count}`;
  });
}
