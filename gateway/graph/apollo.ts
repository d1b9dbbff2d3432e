import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import type { GatewayInterface } from '#gateway/execution/execution-gateway.js';
import { shareOperations } from '#gateway/federation/sharing/share-operations.js';
import { refuseNewDocuments } from '#gateway/limits/cost/new-documents.js';
import type { UnexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { Problem } from '#runtime/errors.js';
import { formatError } from '#runtime/format-error.js';
import type { Logger } from '#runtime/log/logger.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { createDocumentStore, createPersistedQueryStore, type PersistedQueryStore } from './document-store.js';
import { refuseNulls, scalarLiterals, scalarVariables } from './input-values.js';
import { limitAnswer } from './limit-answer.js';
import { reportDegraded } from './report-degraded.js';
import { DEPTH_LIMIT_EXCEEDED, isNestedDeeper, limits, sizeLimits, TOKEN_LIMIT_EXCEEDED } from './size-limits.js';
import { isStop, stopEarly } from './stop-early.js';
import { watchClients } from './watch-clients.js';
import { watchOperations } from './watch-operations.js';
import { writeAnswer } from './write-answer.js';

export interface ApolloOptions {
  gateway: GatewayInterface;
  logger: Logger;
  hasIntrospection: boolean;
  /** Whether the size of operations and of their answers is limited. */
  isLimited: boolean;
  unexpected?: UnexpectedErrors;
  /** Absent = of this server. */
  persistedQueries?: PersistedQueryStore;
  plugins?: ApolloServerPlugin<GatewayContext>[];
}

const NO_OPERATION = 'Send one operation, or name the one to run in "operationName".';
const NO_SUBSCRIPTIONS = 'There are no subscriptions: send a query or a mutation.';
const TOO_DEEP_VARIABLES = `The variables are nested too deep; ${limits.variableDepth} levels are allowed.`;

/** Returns the variables an operation declares: others would only be copied and sorted. */
function pickDeclared(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown> = {},
): Record<string, unknown> {
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]]] : [])));
}

/** Apollo's defaults. */
const CSRF_HEADERS = ['x-apollo-operation-name', 'apollo-require-preflight'];

/** Request ids by error: formatError receives no context. */
const requestIds = new WeakMap<object, string>();

/** Takes an empty `operationName` for an absent one, as the GraphQL over HTTP specification does. */
const emptyNames: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async ({ request }) => {
    if (request.operationName === '') request.operationName = undefined;
  },
};

const requestErrors: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    // Each of these would be answered with status 500.
    didResolveOperation: async ({ operation, request, schema, document }) => {
      const extensions = { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } };
      if (!operation) throw new GraphQLError(NO_OPERATION, { extensions });
      if (operation.operation === 'subscription') throw new GraphQLError(NO_SUBSCRIPTIONS, { extensions });
      const variables = pickDeclared(operation, request.variables);
      request.variables = variables;
      if (isNestedDeeper(variables, limits.variableDepth)) {
        throw new GraphQLError(TOO_DEEP_VARIABLES, { extensions: { ...extensions, code: DEPTH_LIMIT_EXCEEDED } });
      }
      refuseNulls(schema, document, operation, variables);
    },
    didEncounterErrors: async ({ errors, contextValue }) => {
      for (const error of errors) requestIds.set(error, contextValue.identity.requestId);
    },
    // A client's report finds the log lines by the request id.
    willSendResponse: async ({ response, contextValue }) => {
      if (response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      // Apollo's status for an operation that failed while it ran; the errors say so themselves.
      if (response.http.status === 500) {
        response.http.status = 200;
        singleResult.data = null;
      }
      // The notice that validation ended adds nothing to its reasons.
      const reasons = singleResult.errors?.filter((error) => !isStop(error)) ?? [];
      if (reasons.length > 0) singleResult.errors = reasons;
      for (const error of singleResult.errors ?? []) {
        if (!error.extensions) continue;
        error.extensions.requestId = contextValue.identity.requestId;
        const { code, retryAfter } = error.extensions;
        if (retryAfter) response.http.headers.set('retry-after', String(retryAfter));
        // Apollo answers every refusal of a validation rule with 400.
        if (code === 'RATE_LIMITED' && !('data' in singleResult)) response.http.status = 429;
      }
    },
  }),
};

/** Returns the extensions of a refusal by a validation rule of ours, which Apollo replaces. */
function refusalOfOurRule(error: unknown): GraphQLError['extensions'] | undefined {
  const refusal = error instanceof GraphQLError ? error.originalError : undefined;
  return refusal instanceof GraphQLError ? refusal.extensions : undefined;
}

/** The parser's message for nesting that exhausts the stack. */
const OUT_OF_STACK = 'Maximum call stack size exceeded';

// Some versions of graphql-js say "more that".
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

/** Returns the code of the exceeded limit, if that is the reason. */
function codeOfLimit({ message, extensions = {} }: GraphQLFormattedError): string | undefined {
  if (extensions.code === 'GRAPHQL_PARSE_FAILED') {
    if (message === OUT_OF_STACK) return DEPTH_LIMIT_EXCEEDED;
    return TOO_MANY_TOKENS.test(message) ? TOKEN_LIMIT_EXCEEDED : undefined;
  }
  return extensions.validationErrorCode === 'INTROSPECTION_DISABLED' ? 'INTROSPECTION_DISABLED' : undefined;
}

// The position of the wrong value is in the message only (graphql-js, execution/values.ts).
const INVALID_VARIABLE = /^Variable "\$([^"]+)" (?:got invalid value .*?(?: at "([^"]+)")?; (.+)|(of .+))$/s;

/** Returns the argument and problem in a variable error of graphql-js; undefined for another message. */
export function variableProblem(message: string): Problem | undefined {
  const [, variable, path, problem, missing] = INVALID_VARIABLE.exec(message) ?? [];
  if (!variable) return undefined;
  return { argument: path ?? variable, problem: problem ?? `${missing}`.replace(/^of /, 'is of ') };
}

function withOurMessage(formatted: GraphQLFormattedError): GraphQLFormattedError {
  if (formatted.message === OUT_OF_STACK)
    return { ...formatted, message: `The operation is nested too deep; ${limits.depth} levels are allowed.` };
  if (formatted.extensions?.validationErrorCode === 'INTROSPECTION_DISABLED')
    return { ...formatted, message: 'Introspection is off here: ask whoever runs this installation for the schema.' };
  return formatted;
}

/** Removes suggestions from errors of variables; Apollo removes them from validation errors only. */
const withoutSuggestion = (formatted: GraphQLFormattedError) => ({
  ...formatted,
  message: formatted.message.replace(/ Did you mean [^?]*\?$/, ''),
});

/** Errors of subgraphs are formatted there; those of the gateway get a code or are masked here. */
function describeError(
  given: GraphQLFormattedError,
  error: unknown,
  { logger, unexpected, hasIntrospection }: ApolloOptions,
): GraphQLFormattedError {
  const { extensions = {} } = given;
  const formatted = hasIntrospection || extensions.code !== 'BAD_USER_INPUT' ? given : withoutSuggestion(given);
  const refusal = extensions.code === 'GRAPHQL_VALIDATION_FAILED' ? refusalOfOurRule(error) : undefined;
  if (refusal?.code) {
    const { http, ...ofOurs } = refusal;
    return { ...formatted, extensions: ofOurs };
  }
  const limitCode = codeOfLimit(formatted);
  if (limitCode) return { ...withOurMessage(formatted), extensions: { code: limitCode } };
  const problem = extensions.code === 'BAD_USER_INPUT' && !extensions.details && variableProblem(formatted.message);
  if (problem) return { ...formatted, extensions: { ...extensions, details: [problem] } };
  if (extensions.serviceName || extensions.code !== 'INTERNAL_SERVER_ERROR') return formatted;
  // Errors of data sources arrive unwrapped.
  const originalError = error as Error;
  const wrapped = error instanceof GraphQLError ? error : new GraphQLError(originalError.message, { originalError });
  const requestId = requestIds.get(originalError) ?? currentRequestContext()?.requestId ?? '';
  return formatError(wrapped, requestId, logger, unexpected);
}

/** Returns the Apollo Server over the supergraph. To be started before use. */
export function createApolloServer(options: ApolloOptions): ApolloServer<GatewayContext> {
  const {
    gateway,
    logger,
    hasIntrospection,
    isLimited,
    persistedQueries = createPersistedQueryStore(),
    plugins = [],
  } = options;
  return new ApolloServer<GatewayContext>({
    gateway: shareOperations(gateway),
    introspection: hasIntrospection,
    // Pages of other sites cannot add these either without a preflight.
    csrfPrevention: { requestHeaders: [...CSRF_HEADERS, 'authorization', 'x-api-key'] },
    // Suggestions would reveal hidden names.
    hideSchemaDetailsFromClientErrors: !hasIntrospection,
    includeStacktraceInErrorResponses: false,
    // It is sent as it is, and read by `serveGraph` only.
    stringifyResult: (answer) => writeAnswer(answer) as unknown as string,
    stopOnTerminationSignals: false,
    documentStore: createDocumentStore(),
    persistedQueries: { cache: persistedQueries },
    ...(isLimited && {
      validationRules: [sizeLimits, refuseNewDocuments, stopEarly, scalarLiterals],
      parseOptions: { maxTokens: limits.tokens },
    }),
    formatError: (formatted, error) => describeError(formatted, error, options),
    logger: {
      debug() {},
      info() {},
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      emptyNames,
      watchOperations(),
      watchClients(),
      requestErrors,
      reportDegraded,
      ...(isLimited ? [limitAnswer(), scalarVariables] : []),
      ...plugins,
    ],
  });
}
