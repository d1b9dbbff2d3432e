import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { once } from 'es-toolkit/function';
import type { DegradedReason, GatewayContext } from '#gateway/context.js';
import { onlyField } from '#gateway/federation/only-field.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import type { FileAnswer, FileRequest } from '#kit/file-answer.js';
import { AppError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { AbsentFields } from './absent-fields.js';
import { SubgraphUnavailable } from './subgraph-unavailable.js';

type ProcessOptions = GraphQLDataSourceProcessOptions<GatewayContext>;
type IncomingOptions = Extract<ProcessOptions, { incomingRequestContext: unknown }>;

function markDegraded(context: GatewayContext, subgraph: string, reason: DegradedReason): void {
  context.degraded = [...(context.degraded ?? []), { subgraph, reason }];
}

/** Sends operations to one subgraph: `process` those of Apollo's gateway, `execute` those of our own. */
export abstract class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  /** The name of the subgraph, where it is known. */
  readonly subgraph: string = 'unknown';

  /** Runs one operation. Throws AppError SUBGRAPH_UNAVAILABLE without a GraphQL response. */
  abstract execute(request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse>;

  /**
   * Opens a file. A client that disconnects ends the work. Throws AppError, that of the subgraph or SUBGRAPH_UNAVAILABLE, before the
   * first byte; a later failure is the body's.
   */
  openFile({ kind }: FileRequest, _context: GatewayContext): Promise<FileAnswer> {
    return Promise.reject(new Error(`There are no files of the kind ${kind}.`));
  }

  /** What stands in for the answer of the subgraph while it is away. */
  protected absentFields: AbsentFields = () => undefined;

  async #executeOrStandIn(
    request: SubgraphRequest,
    context: GatewayContext,
    identity: Identity,
  ): Promise<SubgraphResponse> {
    try {
      return await this.execute(request, identity === context.identity ? context : { ...context, identity });
    } catch (error) {
      if (error instanceof SubgraphUnavailable) markDegraded(context, error.subgraph, error.reason);
      const data = error instanceof AppError ? this.absentFields(request) : undefined;
      if (!data || !(error instanceof AppError)) throw error;
      const { message, code, retryAfter } = error;
      const extensions = { code, ...(retryAfter !== undefined && { retryAfter }) };
      return { data, errors: [{ message, extensions }], cachePolicy: { maxAge: 0, scope: 'PRIVATE' } };
    }
  }

  /**
   * Records the session that an answer has begun, if it is the whole operation: of two mutations, what is below the other belongs to
   * the caller. Only the subgraph that issues sessions is believed.
   */
  #recordSignIn(accessToken: string | undefined, options: IncomingOptions): void {
    const context = options.context as GatewayContext;
    const { identify } = context;
    const { operation } = options.incomingRequestContext;
    if (!accessToken || !identify || this.subgraph !== 'auth' || !operation || !onlyField(operation)) return;
    context.signedIn = once(() => identify(accessToken));
  }

  /**
   * Runs a part of a client's operation and restricts the cache policy of the whole to that of the part. What is read after a sign-in is
   * read as its session.
   */
  async process(options: ProcessOptions): ReturnType<GraphQLDataSource['process']> {
    const { query = '', variables, operationName } = options.request;
    const request = { query, variables, operationName };
    const context = options.context as GatewayContext;
    const identity = context.signedIn ? await context.signedIn() : context.identity;
    const {
      cachePolicy,
      isReplayed,
      rowsRead = 0,
      accessToken,
      ...response
    } = await this.#executeOrStandIn(request, context, identity);
    if (response.errors?.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE')) {
      markDegraded(context, this.subgraph, 'SERVICE_UNAVAILABLE');
    }
    if (isReplayed) context.isReplayed = true;
    context.rowsRead = (context.rowsRead ?? 0) + rowsRead;
    if ('incomingRequestContext' in options) {
      this.#recordSignIn(accessToken, options);
      const policy = options.incomingRequestContext.overallCachePolicy;
      const { maxAge, scope } = cachePolicy;
      policy?.restrict({ maxAge, scope: scope as NonNullable<typeof policy.scope> });
    }
    return response as Awaited<ReturnType<GraphQLDataSource['process']>>;
  }
}
