import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isRequiredArgument,
} from 'graphql';
import { ownedIdsOf } from '#subgraphs/permission-matrix/permission-matrix.js';
import type { Step } from '#subgraphs/permission-matrix/permission-walk.js';
import { sampleOf } from './schema-walk.js';

/** An operation that selects fields of one type at a path. */
export interface MatrixOperation {
  query: string;
  variables: Record<string, unknown>;
  /** The steps to the object of the fields; empty = the root. */
  way: Step[];
  fields: Step[];
}

/** Returns an id for an argument by `Type.field`, the argument's name, and the fields of the operation. */
export type OwnedId = (coordinate: string, argument: string, fields: string[]) => string | undefined;

function fieldAt(schema: GraphQLSchema, { type, field }: Step): GraphQLField<unknown, unknown> {
  const found = (schema.getType(type) as GraphQLObjectType | undefined)?.getFields()[field];
  if (!found) throw new Error(`${type}.${field} is gone`);
  return found;
}

const FIRST = 2;

/** Returns an operation that selects fields at the end of a path, with the arguments they require. */
export function matrixOperation(schema: GraphQLSchema, way: Step[], fields: Step[], ownedId: OwnedId): MatrixOperation {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  // Of the fields themselves only where they are alone: the others would get what belongs to one of them.
  const names = [...way, ...(fields.length === 1 ? fields : [])].map(({ field }) => field);

  function given(step: Step, argument: GraphQLArgument): unknown {
    if (ownedIdsOf(step).includes(argument.name)) {
      const id = ownedId(`${step.type}.${step.field}`, argument.name, names);
      // Left out where it is not required and nothing is known that fits.
      if (id !== undefined || !isRequiredArgument(argument)) return id;
    }
    if (argument.name === 'first' && String(argument.type).startsWith('Int')) return FIRST;
    return isRequiredArgument(argument) ? sampleOf(argument.type) : undefined;
  }

  const ask = (step: Step): string => {
    const values = fieldAt(schema, step).args.flatMap((argument) => {
      const value = given(step, argument);
      if (value === undefined) return [];
      const variable = `v${declared.length}`;
      declared.push(`$${variable}: ${argument.type}`);
      variables[variable] = value;
      return [`${argument.name}: $${variable}`];
    });
    return step.field + (values.length > 0 ? `(${values.join(', ')})` : '');
  };

  const selections = fields.map((step) => {
    const type = getNamedType(fieldAt(schema, step).type);
    return `${ask(step)}${isCompositeType(type) ? ' { __typename }' : ''}`;
  });
  const nested = way.reduceRight((inner, step) => `${ask(step)} { ${inner} }`, selections.join(' '));
  const root = (way[0] ?? fields[0])?.type === 'Mutation' ? 'mutation' : 'query';
  return {
    query: `${root} Matrix${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${nested} }`,
    variables,
    way,
    fields,
  };
}

/** Returns the values at a path of field names in a result, through lists. */
export function valuesAt(data: unknown, path: string[]): unknown[] {
  if (Array.isArray(data)) return data.flatMap((item) => valuesAt(item, path));
  const [field, ...rest] = path;
  if (field === undefined) return [data];
  if (typeof data !== 'object' || data === null) return [];
  return valuesAt((data as Record<string, unknown>)[field], rest);
}
