import type { FastifyRequest } from 'fastify';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse, visit } from 'graphql';
import { LRUCache } from 'lru-cache';

/** What a request without credentials is for, and the texts in it that may be tokens. */
export interface Presented {
  /** Of a short list: requests are counted by it. */
  purpose: string;
  texts: string[];
}

/** Mutations that need no session. Requests with one of them alone are counted by themselves. */
export const ANONYMOUS_MUTATIONS: ReadonlySet<string> = new Set([
  ...['logIn', 'completeLogIn', 'refreshSession', 'signUp', 'completeSignUp', 'acceptInvitation'],
  ...['verifyEmail', 'requestPasswordReset', 'resetPassword', 'confirmEmailChange', 'stopEmailChange'],
  'declineMail',
]);

/** The query of a mailed link. */
const INVITATION = 'invitation';

/** Mutations without a token among their arguments: one beside them must not give them a count of their own. */
const TOKENLESS = new Set(['signUp', 'requestPasswordReset']);

/** Whether a request for this purpose may carry a token that WebMetrics issued. */
export function mayCarryToken(purpose: string): boolean {
  if (TOKENLESS.has(purpose)) return false;
  return purpose.startsWith('/') || purpose === INVITATION || ANONYMOUS_MUTATIONS.has(purpose);
}

const INTROSPECTION = new Set(['__schema', '__type', '__typename']);

/** Longer documents contain no sign-in. */
const MAX_DOCUMENT_LENGTH = 8 * 1024;
const MAX_TEXTS = 10;
const MAX_TEXT_LENGTH = 2_000;
/** Of a token, or a JWT. */
const TOKEN = /^[\w-]{55,100}$|^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Any other operation. */
const OPERATION = 'operation';

interface Described {
  purpose: string;
  texts: string[];
}

const isToken = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= MAX_TEXT_LENGTH && TOKEN.test(text);

/** Returns the texts in a JSON value that may be tokens, at most MAX_TEXTS. */
function tokensIn(value: unknown, depth = 3): string[] {
  if (isToken(value)) return [value];
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  const values = Object.values(value).slice(0, MAX_TEXTS);
  return values.flatMap((part) => tokensIn(part, depth - 1)).slice(0, MAX_TEXTS);
}

function operationIn({ definitions }: DocumentNode, name: unknown): OperationDefinitionNode | undefined {
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (typeof name === 'string' && name !== '') return operations.find((node) => node.name?.value === name);
  return operations.length === 1 ? operations[0] : undefined;
}

function purposeOf({ operation, selectionSet }: OperationDefinitionNode): string {
  const names = selectionSet.selections.map((node) => (node.kind === Kind.FIELD ? node.name.value : undefined));
  const [first = ''] = names;
  if (operation === 'mutation') return names.length === 1 && ANONYMOUS_MUTATIONS.has(first) ? first : OPERATION;
  if (names.length === 1 && first === INVITATION) return INVITATION;
  const asksSchema = names.some((name) => name === '__schema' || name === '__type');
  return asksSchema && names.every((name) => name && INTROSPECTION.has(name)) ? 'introspection' : OPERATION;
}

function describe(document: string, operationName: unknown): Described {
  try {
    const parsed = parse(document, { noLocation: true });
    const operation = operationIn(parsed, operationName);
    if (!operation) return { purpose: OPERATION, texts: [] };
    const texts: string[] = [];
    visit(operation, { StringValue: ({ value }) => void (isToken(value) && texts.push(value)) });
    return { purpose: purposeOf(operation), texts: texts.slice(0, MAX_TEXTS) };
  } catch {
    return { purpose: OPERATION, texts: [] };
  }
}

const described = new LRUCache<string, Described>({
  maxSize: 1024 * 1024,
  sizeCalculation: ({ texts }, key) => (key.length + texts.join('').length) * 2 + 256,
});

interface GraphRequest {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
}

/** Describes a request at `/graphql`. */
export function presentedOperation(request: Pick<FastifyRequest, 'method' | 'body' | 'query'>): Presented {
  const given = ((request.method === 'GET' ? request.query : request.body) ?? {}) as GraphRequest;
  const { query: document, operationName, variables } = given;
  if (typeof document !== 'string' || document.length > MAX_DOCUMENT_LENGTH) return { purpose: OPERATION, texts: [] };
  const id = `${typeof operationName === 'string' ? operationName.slice(0, 100) : ''} ${document}`;
  const { purpose, texts } = described.get(id) ?? describe(document, operationName);
  described.set(id, { purpose, texts });
  return { purpose, texts: [...texts, ...tokensIn(variables)].slice(0, MAX_TEXTS) };
}

/** Describes a request that runs an operation of ours with what it sends. */
export function presentedResource(
  definition: OperationDefinitionNode,
  { query, params, body }: Pick<FastifyRequest, 'query' | 'params' | 'body'>,
): Presented {
  return { purpose: purposeOf(definition), texts: tokensIn([query, params, body]) };
}

/** Describes a request of another route. */
export function presentedRoute({ routeOptions, query, params, body }: FastifyRequest): Presented {
  return { purpose: routeOptions.url ?? 'none', texts: tokensIn([query, params, body]) };
}
