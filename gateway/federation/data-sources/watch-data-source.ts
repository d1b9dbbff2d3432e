import { once } from 'es-toolkit/function';
import type { GatewayContext } from '#gateway/context.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import type { FileAnswer, FileRequest } from '#kit/file-answer.js';
import { clientAttributes } from '#runtime/http/client-attributes.js';
import { errorTypeOf, failSpan, isTracing, startSpan, withSpan } from '#runtime/scope/spans.js';
import { observeSubgraphCall, type SubgraphOutcome } from '#runtime/telemetry/observe-calls.js';
import { secondsSince } from '#runtime/telemetry/registry.js';
import { type SubgraphName, typeDefinitionsOf } from '#schema/type-definitions.js';
import { createAbsentFields } from './absent-fields.js';
import { SubgraphDataSource } from './subgraph-data-source.js';

type Transport = 'in-process' | 'http';

class WatchedDataSource extends SubgraphDataSource {
  override readonly subgraph: string;
  readonly #transport: Transport;
  readonly #dataSource: SubgraphDataSource;
  readonly #url: string | undefined;

  constructor(name: SubgraphName, transport: Transport, dataSource: SubgraphDataSource, url?: string) {
    super();
    this.#url = url;
    this.subgraph = name;
    this.#transport = transport;
    this.#dataSource = dataSource;
    const absentFields = once(() => createAbsentFields(typeDefinitionsOf(name)));
    this.absentFields = (request) => absentFields()(request);
  }

  #startSpan(operationName: string | null | undefined, { span }: GatewayContext) {
    return startSpan(`subgraph ${this.subgraph}`, {
      kind: this.#transport === 'http' ? 'client' : 'internal',
      parent: span,
      attributes: {
        ...(this.#url && clientAttributes('POST', this.#url)),
        'graphql.operation.name': operationName ?? undefined,
        'webmetrics.subgraph': this.subgraph,
        'webmetrics.transport': this.#transport,
      },
    });
  }

  async #watch<Answer>(
    operationName: string | null | undefined,
    context: GatewayContext,
    ask: () => Promise<Answer>,
    errorIn: (answer: Answer) => { extensions?: { code?: unknown } } | undefined,
  ): Promise<Answer> {
    const startedAt = performance.now();
    const span = isTracing() ? this.#startSpan(operationName, context) : undefined;
    let outcome: SubgraphOutcome = 'failed';
    try {
      const answer = await withSpan(span, ask);
      const error = errorIn(answer);
      if (error) failSpan(span, String(error.extensions?.code));
      outcome = error ? 'errors' : 'ok';
      return answer;
    } catch (error) {
      failSpan(span, errorTypeOf(error));
      throw error;
    } finally {
      span?.end();
      observeSubgraphCall(this.subgraph, this.#transport, outcome, secondsSince(startedAt));
    }
  }

  execute(request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse> {
    const ask = () => this.#dataSource.execute(request, context);
    return this.#watch(request.operationName, context, ask, ({ errors }) => errors?.[0]);
  }

  override openFile(request: FileRequest, context: GatewayContext): Promise<FileAnswer> {
    const ask = () => this.#dataSource.openFile(request, context);
    return this.#watch(`file ${request.kind}`, context, ask, () => undefined);
  }
}

/** Returns a data source with metrics and a span for each call, over HTTP to `url`. */
export function watchDataSource(
  name: SubgraphName,
  transport: Transport,
  dataSource: SubgraphDataSource,
  url?: string,
): SubgraphDataSource {
  return new WatchedDataSource(name, transport, dataSource, url);
}
