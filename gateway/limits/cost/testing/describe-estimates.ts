import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import {
  buildSchema,
  execute,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { type Fragments, planCost } from '#gateway/limits/cost/cost-plan.js';
import { readCostSchema } from '#gateway/limits/cost/cost-schema.js';
import { costOfUsage, countObjects, estimateUsage } from '#gateway/limits/cost/operation-cost.js';
import { jsonSize } from '#kit/json-size.js';
import { schemaFile } from '#schema/type-definitions.js';

/** Larger answers take too long to make. */
const MAX_ESTIMATE = 300;
const DAY_MS = 24 * 60 * 60 * 1000;

const schema: GraphQLSchema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
const costs = readCostSchema(readFileSync(schemaFile('supergraph.graphql'), 'utf8'));

/** Random numbers from 0 to 1 that are the same in each run: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Generated {
  query: string;
  variables: Record<string, unknown>;
}

/** Generates one operation: literals, variables with and without defaults, omitted arguments, aliases and fragments. */
function generate(random: () => number): Generated {
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
    const scalars: Record<string, unknown> = { Int: 1 + below(20), Boolean: random() < 0.5, Date: '2026-10-05' };
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

  const root = random() < 0.9 ? schema.getQueryType() : schema.getMutationType();
  const body = selection(root as GraphQLObjectType, 2 + below(6));
  const declared = definitions.length > 0 ? `(${definitions.join(' ')})` : '';
  const operation = root === schema.getQueryType() ? 'query' : 'mutation';
  return { query: `${operation} ${declared} ${body} ${fragments.join(' ')}`, variables };
}

/** Lists whose size an argument of their parent decides. */
const SIZED = ['edges', 'daily', 'rows'];

/** A source carries that size. */
interface Source {
  size?: number;
}

/** Answers with as much as the arguments, coerced by graphql-js, allow; with less where `isFull` is not set. */
function answering(random: () => number, isFull: boolean): GraphQLFieldResolver<Source, unknown> {
  const leaf = (type: string): unknown => {
    const values: Record<string, unknown> = { Int: 2_000_000_000, Float: 1.5e300, Boolean: false, JSON: { a: 'b' } };
    const scalar = values[type];
    if (scalar !== undefined) return scalar;
    const kind = schema.getType(type);
    if (isEnumType(kind)) return kind.getValues()[0]?.value;
    return 'x'.repeat({ ID: 36, String: 100, DateTime: 24, Date: 10, Decimal: 20, Long: 15 }[type] ?? 0);
  };
  const value = (type: GraphQLOutputType, source: Source, size: number): unknown => {
    if (isNonNullType(type)) return value(type.ofType, source, size);
    if (!isListType(type)) return isLeafType(type) ? leaf(type.name) : { ...source };
    const length = isFull ? size : Math.floor(random() * (size + 1));
    return Array.from({ length }, () => value(type.ofType, {}, 0));
  };
  return (parent, { first, range, externalIds }, _context, { parentType, fieldName, returnType }) => {
    if (!isFull && !isNonNullType(returnType) && random() < 0.2) return null;
    const days = range && (Date.parse(range.end) - Date.parse(range.start)) / DAY_MS + 1;
    const size = first ?? externalIds?.length ?? days;
    const usual = costs.get(parentType.name)?.get(fieldName)?.assumedSize ?? 0;
    return value(returnType, { size }, size ?? (SIZED.includes(fieldName) ? parent.size : undefined) ?? usual);
  };
}

function measure({ query, variables }: Generated) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const fragments: Fragments = {};
  for (const node of document.definitions as FragmentDefinitionNode[]) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  }
  const plan = planCost(costs, operation, fragments);
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return { document, plan, fragments, coerced, estimated: estimateUsage(plan, coerced) };
}

/** Compares estimates with the costs of answers, for generated operations over the schema. */
export function describeEstimates(operations: number): void {
  it.each([
    ['lists are as long as they can be', true],
    ['lists are shorter and values missing', false],
  ])(`is never less than the cost of its answer when ${'%s'}`, (_what, isFull) => {
    const random = randomFrom(isFull ? 1 : 2);
    const seen = { compared: 0, variables: 0 };
    while (seen.compared < operations / 2) {
      const generated = generate(random);
      const { document, plan, estimated } = measure(generated);
      if (estimated.objects > MAX_ESTIMATE) continue;
      const variableValues = generated.variables;
      const fieldResolver = answering(random, isFull);
      const { data, errors } = execute({ schema, document, variableValues, fieldResolver }) as {
        data: Record<string, unknown>;
        errors?: unknown;
      };
      expect(errors).toBeUndefined();
      const actual = { objects: countObjects(plan, data), bytes: jsonSize(data) };
      const isEnough = estimated.objects >= actual.objects && costOfUsage(estimated) >= costOfUsage(actual);
      if (!isEnough) expect({ ...generated, estimated }).toEqual({ ...generated, estimated: actual });
      // As good as a bound can be: exact, where nothing is missing.
      if (isFull)
        expect({ ...generated, objects: actual.objects }).toEqual({ ...generated, objects: estimated.objects });
      seen.compared += 1;
      seen.variables += Object.keys(variableValues).length;
    }
    expect(seen.variables).toBeGreaterThan(operations / 4);
  });
}
