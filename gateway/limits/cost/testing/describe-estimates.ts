import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import {
  buildSchema,
  execute,
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getVariableValues,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { type Fragments, planCost } from '#gateway/limits/cost/cost-plan.js';
import { readCostSchema } from '#gateway/limits/cost/cost-schema.js';
import { costOfUsage, countObjects, estimateUsage } from '#gateway/limits/cost/operation-cost.js';
import { jsonSize } from '#kit/json-size.js';
import { seededRandom } from '#ops/testing/seeded-random.js';
import { schemaFile } from '#schema/type-definitions.js';
import { type Generated, generateOperation } from './generate-operation.js';

/** Larger answers take too long to make. */
const MAX_ESTIMATE = 300;
const DAY_MS = 24 * 60 * 60 * 1000;

const schema: GraphQLSchema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
const costs = readCostSchema(readFileSync(schemaFile('supergraph.graphql'), 'utf8'));

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
    const random = seededRandom(isFull ? 1 : 2);
    const seen = { compared: 0, variables: 0 };
    while (seen.compared < operations / 2) {
      const generated = generateOperation(schema, random);
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
