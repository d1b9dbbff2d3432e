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

/** Fields of one type, asked for on one way. */
export interface MatrixOperation {
  query: string;
  variables: Record<string, unknown>;
  /** The steps to the object the fields are of; empty = the root. */
  way: Step[];
  fields: Step[];
}

/** Gives an argument that takes an id of something somebody owns: by `Type.field`, its name, and the fields of the operation. */
export type OwnedId = (place: string, argument: string, fields: string[]) => string | undefined;

function fieldAt(schema: GraphQLSchema, { type, field }: Step): GraphQLField<unknown, unknown> {
  const found = (schema.getType(type) as GraphQLObjectType | undefined)?.getFields()[field];
  if (!found) throw new Error(`${type}.${field} is gone`);
  return found;
}

/** How few of a list are enough to see what becomes of each field. */
const FIRST = 2;

/** Returns an operation that asks for fields of one type where a way ends, with whatever they and the way require. */
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

  const asked = fields.map((step) => {
    const type = getNamedType(fieldAt(schema, step).type);
    return `${ask(step)}${isCompositeType(type) ? ' { __typename }' : ''}`;
  });
  const nested = way.reduceRight((inner, step) => `${ask(step)} { ${inner} }`, asked.join(' '));
  const root = (way[0] ?? fields[0])?.type === 'Mutation' ? 'mutation' : 'query';
  return {
    query: `${root} Matrix${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${nested} }`,
    variables,
    way,
    fields,
  };
}

/** What a client was told of one field: the values that were found, wherever the way led through lists. */
export function valuesAt(data: unknown, path: string[]): unknown[] {
  if (Array.isArray(data)) return data.flatMap((item) => valuesAt(item, path));
  const [field, ...rest] = path;
  if (field === undefined) return [data];
  if (typeof data !== 'object' || data === null) return [];
  return valuesAt((data as Record<string, unknown>)[field], rest);
}
