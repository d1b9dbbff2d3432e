import { once } from 'es-toolkit/function';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OperationDefinitionNode } from 'graphql';
import type { Admission } from '#gateway/graph/admit-request.js';
import { readDays } from '#gateway/graph/read-days.js';
import {
  appErrorOf,
  causeOfNull,
  type OperationAnswer,
  type RunOperation,
  valueAt,
} from '#gateway/graph/run-operation.js';
import { limits } from '#gateway/graph/size-limits.js';
import { requestError } from '#gateway/http/refuse-headers.js';
import { presentedResource } from '#gateway/limits/presented.js';
import type { SendReportFile } from '#gateway/routes/report-files.js';
import { AppError, Conflict } from '#runtime/errors.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { preferredType } from './accept.js';
import { bodyOf, linkPages, sendTagged, varyBy, writeCost, writeDegraded } from './answer.js';
import { apiSchema } from './api-schema.js';
import { exportRoute } from './export-route.js';
import { describeInput, type ResourceInput } from './parameters.js';
import { createReadInput, type ParsedRequest } from './read-input.js';
import { createRename, renamed } from './rename-arguments.js';
import type { Resource } from './resource.js';
import { resources } from './resources.js';
import { createSelectFields, type SelectFields } from './select-fields.js';

/** The media type of answers. */
export const JSON_TYPE = 'application/json';
/** Most reports take seconds. */
const NOT_READY_SECONDS = 5;

export interface RestOptions {
  run: RunOperation;
  admission: Admission;
  publicUrl(): string;
  sendReportFile: SendReportFile;
}

interface Compiled {
  input: ResourceInput;
  selectFields?: SelectFields;
  readInput: ReturnType<typeof createReadInput>;
  rename: ReturnType<typeof createRename>;
}

function compile(resource: Resource, definition: OperationDefinitionNode): Compiled {
  const input = describeInput(resource, definition, apiSchema());
  const isRead = definition.operation === 'query';
  const selectFields = isRead ? createSelectFields(definition, resource.answer) : undefined;
  const extras = { hasFields: selectFields !== undefined, canRedirect: resource.redirectTo !== undefined };
  const readInput = createReadInput(input, resource.fixed ?? {}, extras);
  return { input, selectFields, readInput, rename: createRename(input) };
}

const fill = (template: string, value: unknown) =>
  template.replace(/\{(\w+)\}/g, (_all, name) => encodeURIComponent(String((value as Record<string, unknown>)[name])));

/** Adds the REST resources of the table: each runs its operation for the caller. */
export function restRoutes(app: FastifyInstance, options: RestOptions): void {
  const { run, admission, publicUrl, sendReportFile } = options;
  const operations = readTrustedOperations();

  /** Returns the variables with the days of a period. */
  async function withDays(
    { periodOf, periodVariable }: ResourceInput,
    { variables, period }: ParsedRequest,
    request: FastifyRequest,
  ) {
    if (!periodOf || !period) return { variables };
    if (periodVariable) return { variables: { ...variables, [periodVariable]: period } };
    const { accountId, providerId } = variables;
    const accountIds = accountId === undefined ? variables.accountIds : [accountId];
    const providers = providerId === undefined ? variables.providers : [providerId];
    const range = await readDays(run, { period, accountIds, providers }, admission.contextOf(request));
    return {
      variables: { ...variables, [periodOf]: range },
      days: { startDate: range.start, endDate: range.end },
    };
  }

  function addResource(scope: FastifyInstance, resource: Resource, definition: OperationDefinitionNode): void {
    // At the first request of each, as it takes the schema of the whole API: a start does without.
    const compiled = once(() => compile(resource, definition));
    const { method, path, status = 200, location, redirectTo, notReady, isSecret, alsoAs } = resource;
    const offered = alsoAs ? [JSON_TYPE, alsoAs] : [JSON_TYPE];
    const isTagged = method === 'GET' && !isSecret && !redirectTo;

    /** Throws the error because of which there is no answer. */
    function answeredValue(answer: OperationAnswer): unknown {
      const value = valueAt(answer.data, resource.answer);
      if (value !== null) return value;
      const cause = causeOfNull(answer, resource.answer);
      if (cause) throw appErrorOf(cause);
      if (!notReady) return null;
      throw new Conflict(`${notReady} Wait ${NOT_READY_SECONDS} seconds.`, { retryAfter: NOT_READY_SECONDS });
    }

    type Request = FastifyRequest<{ Params: Record<string, string>; Querystring: Record<string, string | string[]> }>;

    async function answerJson(request: Request, reply: FastifyReply): Promise<FastifyReply> {
      const { params, query, body } = request;
      const { input, selectFields, readInput, rename } = compiled();
      const parsed = readInput({ params, query, body });
      const part = parsed.fields === undefined ? undefined : selectFields?.(parsed.fields);
      const nameOf = (argument: string) =>
        rename(argument, { hasPeriod: parsed.period !== undefined, hasLimit: query.limit !== undefined });
      try {
        const { variables, days } = await withDays(input, parsed, request);
        const answer = await run(resource.operation, variables, admission.contextOf(request), part);
        writeCost(reply, answer);
        writeDegraded(reply, answer);
        if (answer.isReplayed) void reply.header('idempotent-replayed', 'true');
        const value = answeredValue(answer);
        if (status === 204) return reply.code(204).send();
        const answered = bodyOf(value, answer.errors);
        if (redirectTo && parsed.isRedirected) {
          return reply.redirect((value as Record<string, string>)[redirectTo] as string, 303);
        }
        if (location) void reply.header('location', fill(location, value));
        const { hasNextPage, endCursor } = (answered.page ?? {}) as { hasNextPage?: boolean; endCursor?: string };
        if (input.isPaged) linkPages(request, reply, publicUrl(), { next: hasNextPage ? endCursor : undefined, days });
        void reply.code(status).type('application/json; charset=utf-8');
        const text = JSON.stringify(answered);
        return isTagged ? sendTagged(request, reply, text) : reply.send(text);
      } catch (error) {
        throw error instanceof AppError ? renamed(error, nameOf) : error;
      }
    }

    scope.route<{ Params: Record<string, string>; Querystring: Record<string, string | string[]> }>({
      method,
      url: path.replace(/\{(\w+)\}/g, ':$1'),
      bodyLimit: limits.operationBytes,
      exposeHeadRoute: isTagged,
      preHandler: async (request, reply) => {
        varyBy(reply, ['authorization', 'x-api-key', 'accept', 'accept-encoding']);
        // What is stored nowhere unless it has a tag.
        void reply.header('cache-control', 'no-store');
        if (!preferredType(request.headers.accept, offered)) {
          throw requestError(406, `This is sent as ${offered.join(' or ')}.`, 'NOT_ACCEPTABLE');
        }
        await admission.admit(request, reply, () => presentedResource(definition, request));
      },
      handler: async (request, reply) => {
        if (alsoAs && preferredType(request.headers.accept, offered) === alsoAs) {
          compiled().readInput({ params: request.params, query: request.query, body: undefined });
          return sendReportFile(request, reply, { id: request.params.id ?? '', format: 'csv' });
        }
        return answerJson(request, reply);
      },
    });
  }

  void app.register(async (scope) => {
    // Bodies are JSON, or refused with 415.
    scope.removeContentTypeParser('text/plain');
    for (const resource of resources) {
      const operation = operations.get(resource.operation);
      if (!operation) throw new Error(`There is no trusted operation ${resource.operation}`);
      addResource(scope, resource, operation.definition);
    }
    exportRoute(scope, options);
  });
}
