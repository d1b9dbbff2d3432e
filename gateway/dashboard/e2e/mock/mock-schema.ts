import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { projectRoot } from '#runtime/process/project-root.js';
import { leafOf, type Place } from './mock-values.js';

const schema = buildSchema(readFileSync(join(projectRoot, 'schema', 'api.graphql'), 'utf8'));

/** What a test says instead of the mock, by `Type.field`; undefined leaves it to the mock, an error makes the field fail. */
export type Overrides = Record<string, (args: Record<string, unknown>, indices: readonly number[]) => unknown>;

const ROWS = 5;
const DAYS = 30;

function placeOf(info: GraphQLResolveInfo, ...more: number[]): Place {
  const path: (string | number)[] = [...more];
  for (let at: typeof info.path | undefined = info.path; at; at = at.prev) path.unshift(at.key);
  const indices = path.filter((key) => typeof key === 'number');
  return { type: info.parentType.name, field: info.fieldName, path, indices };
}

function lengthOf(
  args: Record<string, unknown>,
  info: GraphQLResolveInfo,
  given: { args?: Record<string, unknown> },
): number {
  const all = { ...given?.args, ...args };
  if (info.fieldName === 'totals') return 1;
  if (/daily$/i.test(info.fieldName) || JSON.stringify(all.groupBy ?? '').includes('DAY')) return DAYS;
  return Math.min(ROWS, typeof all.first === 'number' ? all.first : ROWS);
}

function mock(
  type: GraphQLOutputType,
  source: { args?: Record<string, unknown> },
  args: Record<string, unknown>,
  info: GraphQLResolveInfo,
): unknown {
  const own = getNullableType(type);
  if (isListType(own)) {
    const length = isLeafType(getNullableType(own.ofType)) ? 2 : lengthOf(args, info, source);
    // Each row is resolved with its own place in the path.
    return Array.from({ length }, (_, index) => {
      const item = getNullableType(own.ofType);
      if (!isLeafType(item)) return mock(own.ofType, source, args, info);
      return leafOf(item, placeOf(info, index), false);
    });
  }
  if (isLeafType(own)) {
    return leafOf(own, placeOf(info), !isNonNullType(type));
  }
  const object = isAbstractType(own) ? schema.getPossibleTypes(own)[0] : own;
  return isObjectType(object) ? { __typename: object.name, args } : null;
}

const CONNECTION: Record<string, unknown> = { hasNextPage: false, hasPreviousPage: false };

function resolverOf(overrides: Overrides): GraphQLFieldResolver<Record<string, unknown>, unknown> {
  return (source, args, _context, info) => {
    const own = source?.[info.fieldName];
    if (own !== undefined && info.fieldName !== 'args') return own;
    const override = overrides[`${info.parentType.name}.${info.fieldName}`];
    const given = override?.({ ...((source?.args as object) ?? {}), ...args }, placeOf(info).indices);
    if (given !== undefined) return given;
    if (info.fieldName === 'id' && typeof source?.args === 'object') {
      const { id } = source.args as { id?: unknown };
      if (id !== undefined) return id;
    }
    if (info.fieldName in CONNECTION) return CONNECTION[info.fieldName];
    if (info.fieldName === 'totalCount') return ROWS;
    return mock(info.returnType, source ?? {}, args, info);
  };
}

/**
 * Answers an operation with values that are invented from the schema, always the same: a field that is added changes no other one.
 */
export async function mockAnswer(
  text: string,
  variables: Record<string, unknown>,
  overrides: Overrides = {},
): Promise<ExecutionResult> {
  const document: DocumentNode = parse(text);
  return execute({
    schema,
    document,
    variableValues: variables,
    rootValue: {},
    fieldResolver: resolverOf(overrides) as never,
    typeResolver: (value) => (value as { __typename: string }).__typename,
  });
}
