import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Generated {
  query: string;
  variables: Record<string, unknown>;
}

/** Generates one operation: literals, variables with and without defaults, omitted arguments, aliases and fragments. */
export function generateOperation(schema: GraphQLSchema, random: () => number, isQuery = random() < 0.9): Generated {
  const below = (limit: number) => Math.floor(random() * limit);
  const oneOf = <T>(choices: readonly T[]): T => choices[below(choices.length)] as T;
  const definitions: string[] = [];
  const fragments: string[] = [];
  const variables: Record<string, unknown> = {};
  let names = 0;

  function valueFor(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return valueFor(type.ofType);
    if (isListType(type)) return Array.from({ length: below(5) }, () => valueFor(type.ofType));
    if (isInputObjectType(type)) {
      if (type.name !== 'DateRangeInput') {
        const given = Object.values(type.getFields()).filter(({ type }) => isNonNullType(type));
        return Object.fromEntries(given.map(({ name, type }) => [name, valueFor(type)]));
      }
      const day = (at: number) => new Date(Date.UTC(2026, 0, 1) + at * DAY_MS).toISOString().slice(0, 10);
      return { start: day(0), end: day(below(40)) };
    }
    if (isEnumType(type)) return oneOf(type.getValues()).name;
    const scalars: Record<string, unknown> = {
      Int: 1 + below(20),
      Float: 1.5,
      Boolean: random() < 0.5,
      Date: '2026-10-05',
    };
    return scalars[type.name] ?? 'x';
  }

  function literal(value: unknown, type: GraphQLInputType): string {
    const named = isNonNullType(type) ? type.ofType : type;
    if (isListType(named)) return `[${(value as unknown[]).map((item) => literal(item, named.ofType)).join(' ')}]`;
    if (isEnumType(named)) return String(value);
    if (!isInputObjectType(named)) return JSON.stringify(value);
    const fields = Object.entries(value as object).map(
      ([name, inner]) => `${name}: ${literal(inner, (named.getFields()[name] as GraphQLArgument).type)}`,
    );
    return `{ ${fields.join(' ')} }`;
  }

  function argument({ name, type, defaultValue }: GraphQLArgument): string[] {
    const isRequired = isNonNullType(type) && defaultValue === undefined;
    const way = oneOf(isRequired ? ['literal', 'given', 'default'] : ['none', 'literal', 'given', 'default', 'absent']);
    if (way === 'none') return [];
    const value = valueFor(type);
    if (way === 'literal') return [`${name}: ${literal(value, type)}`];
    const variable = `v${names++}`;
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (way === 'given') {
      definitions.push(`$${variable}: ${type}`);
      variables[variable] = value;
    } else if (way === 'default') {
      definitions.push(`$${variable}: ${nullable} = ${literal(value, type)}`);
      if (random() < 0.3) variables[variable] = valueFor(type);
    } else {
      definitions.push(`$${variable}: ${nullable}`);
    }
    return [`${name}: $${variable}`];
  }

  function selection(type: GraphQLObjectType, levels: number): string {
    const all = Object.values(type.getFields());
    const useful = all.filter((field) => levels > 0 || isLeafType(getNamedType(field.type)));
    const parts = Array.from({ length: 1 + below(4) }, () => {
      const field = useful.length > 0 ? oneOf(useful) : undefined;
      if (!field) return '__typename';
      const given = field.args.flatMap(argument);
      const named = getNamedType(field.type);
      const inner = isObjectType(named) ? ` ${selection(named, levels - 1)}` : '';
      // An alias of its own keeps fields with different arguments apart.
      return `f${names++}: ${field.name}${given.length > 0 ? `(${given.join(' ')})` : ''}${inner}`;
    });
    const body = `{ ${parts.join(' ')} }`;
    const way = random();
    if (way < 0.1) return `{ ... on ${type.name} ${body} }`;
    if (way > 0.15) return body;
    const fragment = `F${fragments.length}`;
    fragments.push(`fragment ${fragment} on ${type.name} ${body}`);
    return `{ ...${fragment} ...${fragment} }`;
  }

  const root = isQuery ? schema.getQueryType() : schema.getMutationType();
  const body = selection(root as GraphQLObjectType, 2 + below(6));
  const declared = definitions.length > 0 ? `(${definitions.join(' ')})` : '';
  const operation = isQuery ? 'query' : 'mutation';
  return { query: `${operation} ${declared} ${body} ${fragments.join(' ')}`, variables };
}
