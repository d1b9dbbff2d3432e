import { GraphQLNonNull, type GraphQLSchema, getNullableType, type OperationDefinitionNode } from 'graphql';
import { describeInput, type Parameter as Input } from '#gateway/rest/parameters.js';
import type { Resource } from '#gateway/rest/resource.js';
import type { ApiOperation, JsonSchema, Parameter } from './document.js';
import { EXAMPLES_OF_BODIES, exampleOf } from './example-values.js';
import type { InputSchemas } from './input-schemas.js';

/** What requests to a resource have. */
export interface RequestDescription {
  inputs: readonly Input[];
  parameters: NonNullable<ApiOperation['parameters']>;
  /** Absent where no body is read. */
  requestBody?: ApiOperation['requestBody'];
}

const component = (name: string) => ({ $ref: `#/components/parameters/${name}` });

const withDefault = ({ defaultValue }: Input) => (defaultValue === undefined ? {} : { default: defaultValue });

/** Returns a schema of texts in an address, which are not empty. */
const filled = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  ...(schema.items && { items: filled(schema.items) }),
  ...(schema.type === 'string' && !schema.format && { minLength: 1 }),
});

/** Bounds are in words in the schema: "1 to 1000". */
function boundsOf(schema: JsonSchema, description = ''): JsonSchema {
  const [, minimum, maximum] = /\b(\d+) to (\d+)\b/.exec(description) ?? [];
  const isInteger = [schema.type].flat().includes('integer');
  return isInteger && maximum ? { minimum: Number(minimum), maximum: Number(maximum) } : {};
}

function fieldsParameter(fields: string[]): Parameter {
  return {
    name: 'fields',
    in: 'query',
    description:
      'Only these fields of the data, separated by commas: `id,name`. What is left out is neither read nor counted.',
    style: 'form',
    explode: false,
    schema: { type: 'array', items: { type: 'string', enum: fields }, minItems: 1 },
  };
}

function parameterOf(resource: Resource, input: Input, schemas: InputSchemas): Parameter {
  const { name, type, description = '', isRequired } = input;
  // What is left out is not sent: there is no null.
  const schema = schemas.of(new GraphQLNonNull(getNullableType(type)));
  return {
    name,
    in: input.in === 'path' ? 'path' : 'query',
    description,
    ...(isRequired && { required: true }),
    schema: { ...filled(schema), ...boundsOf(schema, description), ...withDefault(input) },
    ...(isRequired && { example: exampleOf(resource, name, type) }),
  };
}

function bodyOf(resource: Resource, inputs: Input[], schemas: InputSchemas, hasPeriod: boolean) {
  const required = inputs.filter(({ isRequired }) => isRequired);
  const properties: Record<string, JsonSchema> = {};
  const example: Record<string, unknown> = {};
  for (const input of inputs) {
    const { name, type, description } = input;
    const schema = schemas.of(type);
    properties[name] = { ...schema, ...boundsOf(schema, description), description, ...withDefault(input) };
  }
  for (const { name, type } of required) example[name] = exampleOf(resource, name, type);
  Object.assign(example, EXAMPLES_OF_BODIES[`${resource.method} ${resource.path}`]);
  if (hasPeriod) {
    properties.period = { $ref: '#/components/schemas/PeriodWord' };
    example.period = 'last_30d';
  }
  const schema = {
    type: 'object',
    properties,
    required: required.map(({ name }) => name),
    additionalProperties: false,
  };
  return { required: required.length > 0, content: { 'application/json': { schema, example } } };
}

/** What a resource can do with requests, beside running its operation. */
export interface RequestFeatures {
  /** The paths that `fields` can select; empty = it takes none. */
  fields: string[];
  /** Whether the answer has a tag. */
  isTagged: boolean;
}

/** Returns what requests to a resource have. */
export function describeRequest(
  resource: Resource,
  definition: OperationDefinitionNode,
  schema: GraphQLSchema,
  schemas: InputSchemas,
  { fields, isTagged }: RequestFeatures,
): RequestDescription {
  const { parameters: described, periodOf } = describeInput(resource, definition, schema);
  // `period` may replace the days.
  const inputs = described.map((input) => (input.place[0] === periodOf ? { ...input, isRequired: false } : input));
  const hasPeriod = periodOf !== undefined;
  const body = inputs.filter(({ in: where }) => where === 'body');
  const parameters: RequestDescription['parameters'] = inputs
    .filter(({ in: where }) => where !== 'body')
    .map((input) => parameterOf(resource, input, schemas));
  if (hasPeriod && body.length === 0) parameters.push(component('period'));
  if (fields.length > 0) parameters.push(fieldsParameter(fields));
  if (resource.redirectTo) parameters.push(component('redirect'));
  if (isTagged) parameters.push(component('If-None-Match'));
  if (resource.method !== 'GET') parameters.push(component('Idempotency-Key'));
  const requestBody = body.length > 0 ? bodyOf(resource, body, schemas, hasPeriod) : undefined;
  return { inputs, parameters, ...(requestBody && { requestBody }) };
}
