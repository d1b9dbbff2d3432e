import { lowerFirst, snakeCase, upperFirst } from 'es-toolkit/string';
import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { Parameter as Input } from '#gateway/rest/parameters.js';
import type { Resource } from '#gateway/rest/resource.js';
import type { TrustedOperation } from '#schema/trusted-operations.js';
import type { PermissionWalk } from '#subgraphs/permission-matrix/permission-walk.js';
import { type AnswerSchemas, PARTIAL, type Shape } from './answer-schemas.js';
import { commonHeaders } from './components.js';
import { describeRequest } from './describe-request.js';
import { anyCredentials } from './described-paths.js';
import type { ApiOperation, ApiResponse, JsonSchema } from './document.js';
import { refusals } from './error-responses.js';
import type { InputSchemas } from './input-schemas.js';
import { type OperationAccess, operationAccess } from './operation-access.js';
import { type Fragments, fieldsOf, fragmentsOf, selectionsOf } from './selected-fields.js';

/** What resources are described with. */
export interface Describing {
  schema: GraphQLSchema;
  permissions: PermissionWalk;
  inputs: InputSchemas;
  answers: AnswerSchemas;
}

/** Groups whose operations ask providers. */
const ASKING: Resource['tag'][] = ['connections', 'figures'];

/** Unique among resources: those that fix variables of an operation are named by their path. */
function operationIdOf({ operation, fixed, path }: Resource): string {
  if (!fixed) return lowerFirst(operation);
  const [verb = ''] = snakeCase(operation).split('_');
  const words = path.split('/').filter((part) => part !== '' && part !== 'api' && !part.startsWith('{'));
  return verb + words.map(upperFirst).join('');
}

function securityOf({ isPublic, scopes }: OperationAccess): ApiOperation['security'] {
  if (isPublic) return [];
  return scopes.length === 0 ? [{ bearer: [] }] : [...anyCredentials];
}

const code = (text: string) => `\`${text}\``;

function describeAccess({ isPublic, scopes, role, hasRight, fields }: OperationAccess): string {
  if (isPublic) return 'Needs no credentials.';
  const users =
    role === 'VIEWER' ? 'For every user.' : `Users need the role ${role}${hasRight ? ' or the right BILLING' : ''}.`;
  const sets = scopes.map((set) => set.map(code).join(' and '));
  const keys =
    sets.length === 0
      ? 'No API key may.'
      : sets.includes('')
        ? 'Every API key may.'
        : `API keys need the scope ${sets.join(', or ')}.`;
  const further = [...fields].map(([path, missing]) => {
    const needed = missing.length > 0 ? `needs ${missing.map(code).join(' and ')} as well` : 'is for users only';
    return `${code(path)} ${needed}`;
  });
  return [users, keys, ...(further.length > 0 ? [`With a key, ${further.join(', ')}.`] : [])].join(' ');
}

/** Returns the type at the answer of an operation, what is selected of it, and what is said about it. */
function answerOf(schema: GraphQLSchema, { definition, text, name }: TrustedOperation, path: string[]) {
  const fragments = fragmentsOf(parse(text));
  const isQuery = definition.operation === 'query';
  let parent = isQuery ? schema.getQueryType() : schema.getMutationType();
  let selections: SelectionSetNode[] = [definition.selectionSet];
  let found: { type: GraphQLOutputType; nodes: FieldNode[] } | undefined;
  let description = '';
  for (const key of path) {
    const nodes = fieldsOf(selections, fragments).get(key);
    const field = parent?.getFields()[nodes?.[0]?.name.value ?? ''];
    if (!nodes || !field) throw new Error(`${name} selects no ${path.join('.')}.`);
    // A mutation says what is done, its payload only what is returned.
    if (isQuery || !found) description = field.description ?? '';
    found = { type: field.type, nodes };
    selections = selectionsOf(nodes);
    const named = getNamedType(field.type);
    parent = isObjectType(named) ? named : undefined;
  }
  if (!found) throw new Error(`${name} has no answer.`);
  return { ...found, fragments, description };
}

/** Returns the selections of the items of an answer. */
function itemsOf(nodes: FieldNode[], isPage: boolean, fragments: Fragments): SelectionSetNode[] {
  if (!isPage) return selectionsOf(nodes);
  const edges = fieldsOf(selectionsOf(nodes), fragments).get('edges') ?? [];
  return selectionsOf(fieldsOf(selectionsOf(edges), fragments).get('node') ?? []);
}

/** Returns the path of every field in selections: `account`, `account.name`. */
function pathsIn(selections: SelectionSetNode[], fragments: Fragments): string[] {
  return [...fieldsOf(selections, fragments)].flatMap(([key, nodes]) => [
    key,
    ...pathsIn(selectionsOf(nodes), fragments).map((path) => `${key}.${path}`),
  ]);
}

function envelope(data: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: {
      data,
      errors: { type: 'array', items: { $ref: '#/components/schemas/Problem' }, description: PARTIAL },
    },
    required: ['data'],
  };
}

function statusesOf({ method, tag, notReady, mayConflict }: Resource, inputs: readonly Input[]): number[] {
  const namesObject = inputs.some(({ type, in: where }) => where === 'path' || getNamedType(type).name === 'ID');
  return [
    ...[400, 401, 403, 406, 429, 500, 503],
    ...(namesObject ? [404] : []),
    ...(inputs.some(({ in: where }) => where === 'path') ? [414] : []),
    ...(method === 'GET' ? [] : [409, 422]),
    ...(notReady || mayConflict ? [409] : []),
    ...(inputs.some(({ in: where }) => where === 'body') ? [413, 415] : []),
    ...(ASKING.includes(tag) ? [502] : []),
  ];
}

/** Whether an answer is sent as a page: see `bodyOf`. */
function isConnection(
  type: GraphQLNamedType,
  nodes: readonly FieldNode[],
  fragments: Fragments,
): type is GraphQLObjectType {
  if (!isObjectType(type)) return false;
  const selected = fieldsOf(selectionsOf(nodes), fragments);
  return selected.has('edges') && selected.has('pageInfo');
}

const SUCCESS: Partial<Record<number, string>> = {
  201: 'Created.',
  202: 'Accepted: it is done in the background.',
  204: 'Done.',
};

/** Adds a resource to the schemas; the returned function describes it when all are added. */
export function addResource(
  { schema, permissions, inputs: inputSchemas, answers }: Describing,
  resource: Resource,
  operation: TrustedOperation,
): (schemaOf: (shape: Shape) => JsonSchema) => ApiOperation {
  const { method, tag, summary, status = 200, location, redirectTo, alsoAs, isSecret, isNullable = false } = resource;
  const path = resource.answer.split('.');
  const { type, nodes, fragments, description } = answerOf(schema, operation, path);
  const access = operationAccess(permissions, operation.definition, fragments, path);
  const named = getNamedType(type);
  const isPage = isConnection(named, nodes, fragments);
  const isTagged = method === 'GET' && !isSecret && !redirectTo;
  const { inputs, ...request } = describeRequest(resource, operation.definition, schema, inputSchemas, {
    fields: operation.type === 'query' ? pathsIn(itemsOf(nodes, isPage, fragments), fragments) : [],
    isTagged,
  });
  const addAnswer = (): Shape =>
    isPage
      ? answers.addPage(named, nodes, fragments, operation.name)
      : { ...answers.add(type, nodes, fragments, operation.name), isNullable };
  const shape = status === 204 ? undefined : addAnswer();
  const headers = [
    ...commonHeaders,
    ...(isTagged ? ['ETag'] : []),
    ...(isPage ? ['Link'] : []),
    ...(location ? ['Location'] : []),
    ...(method === 'GET' ? [] : ['Idempotent-Replayed']),
  ];

  return (schemaOf) => {
    const body = shape && (isPage ? schemaOf(shape) : envelope(schemaOf(shape)));
    const success: ApiResponse = {
      description: SUCCESS[status] ?? 'The answer.',
      headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
      ...(body && {
        content: { 'application/json': { schema: body }, ...(alsoAs && { [alsoAs]: { schema: { type: 'string' } } }) },
      }),
    };
    return {
      operationId: operationIdOf(resource),
      tags: [tag],
      summary,
      description: `${description}\n\n${describeAccess(access)}`,
      security: securityOf(access),
      ...(access.scopes.length > 0 && { 'x-required-scopes': access.scopes }),
      ...request,
      responses: {
        [status]: success,
        ...(redirectTo && { 303: { description: `With \`redirect=true\`: to \`${redirectTo}\`.` } }),
        ...(isTagged && { 304: { $ref: '#/components/responses/NotModified' } }),
        ...refusals(statusesOf(resource, inputs)),
      },
    };
  };
}
