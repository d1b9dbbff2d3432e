import { readdirSync, readFileSync } from 'node:fs';
import { Kind, type OperationDefinitionNode, parse, type TypeNode } from 'graphql';
import { schemaFile } from '#schema/type-definitions.js';

/** An operation that the explorer has ready. */
export interface Example {
  query: string;
  variables: Record<string, unknown>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const RANGE_DAYS = 30;

const typeName = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : typeName(type.type));

/** Returns values for the date ranges of an operation: the last 30 days for the first, the 30 days before for the next. */
function rangesOf({ variableDefinitions = [] }: OperationDefinitionNode, today: Date): Record<string, unknown> {
  const day = (ago: number) => new Date(today.getTime() - ago * DAY_MS).toISOString().slice(0, 10);
  const ranges = variableDefinitions.filter(({ type }) => typeName(type) === 'DateRangeInput');
  return Object.fromEntries(
    ranges.map(({ variable }, index) => {
      const end = 1 + index * RANGE_DAYS;
      return [variable.name.value, { start: day(end + RANGE_DAYS - 1), end: day(end) }];
    }),
  );
}

/** Returns an example, with dates before `today`. Throws unless the document has an operation. */
export function readExample(query: string, today: Date): Example {
  const operation = parse(query).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('An example has an operation.');
  return { query, variables: rangesOf(operation, today) };
}

/** Returns the operations of `schema/examples`, that of the dashboard first. */
export function readExamples(today: Date): Example[] {
  const files = readdirSync(schemaFile('examples')).filter((file) => file.endsWith('.graphql'));
  const isLater = (file: string) => (file === 'dashboard.graphql' ? 0 : 1);
  return files
    .sort((one, other) => isLater(one) - isLater(other) || one.localeCompare(other))
    .map((file) => readExample(readFileSync(schemaFile(`examples/${file}`), 'utf8'), today));
}
