import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isNonNullType,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Resource } from './resource.js';

/** A parameter that goes into a variable, or into a field of one. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'body';
  /** The variable, and the fields below it: `['range', 'start']`. */
  place: readonly [string, ...string[]];
  /** As the schema has it, NonNull where null is not accepted. A list in the query is sent by repeating the parameter. */
  type: GraphQLInputType;
  isRequired: boolean;
  /** Used when it is left out; undefined = none. */
  defaultValue?: unknown;
  description?: string;
}

/** What a resource takes. */
export interface ResourceInput {
  parameters: readonly Parameter[];
  /** The variable of days that `period` sets instead of `startDate` and `endDate`. */
  periodOf?: string;
  /** The variable of the enum `Period`, of operations that take the period itself; its days are optional. */
  periodVariable?: string;
  /** Whether the answer is a page: `limit` is another name of `first`. */
  isPaged: boolean;
}

/** The name of each variable's argument in the schema. */
function argumentsOf(schema: GraphQLSchema, definition: OperationDefinitionNode): Map<string, GraphQLArgument> {
  const found = new Map<string, GraphQLArgument>();
  const typeInfo = new TypeInfo(schema);
  visit(
    definition,
    visitWithTypeInfo(typeInfo, {
      Argument: ({ value }) => {
        const argument = typeInfo.getArgument();
        if (value.kind === 'Variable' && argument && !found.has(value.name.value))
          found.set(value.name.value, argument);
      },
    }),
  );
  return found;
}

const pathParametersOf = (path: string) => new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));

const joined = (...texts: (string | null | undefined)[]) => texts.filter(Boolean).join(' ') || undefined;

function describeField(type: GraphQLInputType, path: string[]) {
  let description: string | undefined;
  let defaultValue: unknown;
  let current = type;
  for (const name of path) {
    const parent = getNullableType(current);
    const field = isInputObjectType(parent) ? parent.getFields()[name] : undefined;
    if (!field) throw new Error(`There is no ${path.join('.')} in ${type}`);
    ({ type: current, defaultValue } = field);
    description = field.description ?? undefined;
  }
  return { type: current, description, defaultValue };
}

/** Returns the parameters of a resource. Throws for one whose place does not exist, and for an object in an address. */
export function describeInput(
  resource: Pick<Resource, 'method' | 'path' | 'parameters' | 'fixed'>,
  definition: OperationDefinitionNode,
  schema: GraphQLSchema,
): ResourceInput {
  const { method, path, fixed = {}, parameters: renamed = {} } = resource;
  const inPath = pathParametersOf(path);
  const argumentOf = argumentsOf(schema, definition);
  const places = Object.entries(renamed).map(([name, place]) => ({ name, place: place.split('.') }));
  const parameters: Parameter[] = [];
  let periodVariable: string | undefined;
  for (const { variable, type: typeNode } of definition.variableDefinitions ?? []) {
    const variableName = variable.name.value;
    if (variableName in fixed) continue;
    const declared = typeFromAST(schema, typeNode as never) as GraphQLInputType;
    if (getNamedType(declared).name === 'Period') {
      periodVariable = variableName;
      continue;
    }
    const argument = argumentOf.get(variableName);
    const own = places.filter(({ place }) => place[0] === variableName);
    for (const { name, place } of own.length > 0 ? own : [{ name: variableName, place: [variableName] }]) {
      const below = place.slice(1);
      const field = describeField(declared, below);
      const isField = below.length > 0;
      const isInPath = inPath.has(name);
      const isInAddress = isInPath || method === 'GET' || method === 'DELETE';
      if (isInAddress && isInputObjectType(getNamedType(field.type)))
        throw new Error(`${method} ${path} has no parameters for the fields of ${name}`);
      const isRequired =
        isInPath || (isNonNullType(declared) && isNonNullType(field.type) && field.defaultValue === undefined);
      parameters.push({
        name,
        in: isInPath ? 'path' : isInAddress ? 'query' : 'body',
        place: place as [string, ...string[]],
        type: isField ? field.type : (argument?.type ?? declared),
        isRequired,
        defaultValue: isField ? field.defaultValue : argument?.defaultValue,
        description: isField ? joined(field.description, argument?.description) : joined(argument?.description),
      });
    }
  }
  const missing = [...inPath].filter((name) => parameters.every((parameter) => parameter.name !== name));
  const lost = places.filter(({ name }) => parameters.every((parameter) => parameter.name !== name));
  if (missing.length > 0 || lost.length > 0) {
    throw new Error(
      `${method} ${path} has no variable for ${[...missing, ...lost.map(({ name }) => name)].join(', ')}`,
    );
  }
  const days = parameters.find(({ place: [, field] }) => field === 'start');
  const isPaged = parameters.some(({ name, in: where }) => name === 'first' && where === 'query');
  return { parameters, periodOf: days?.place[0], periodVariable, isPaged };
}
