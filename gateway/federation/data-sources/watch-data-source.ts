import type { GatewayContext } from '#gateway/context.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import { clientAttributes } from '#runtime/http/client-attributes.js';
import { errorTypeOf, failSpan, isTracing, startSpan, withSpan } from '#runtime/scope/spans.js';
import { observeSubgraphCall, type SubgraphOutcome } from '#runtime/telemetry/observe-calls.js';
import { secondsSince } from '#runtime/telemetry/registry.js';
import { SubgraphDataSource } from './subgraph-data-source.js';

type Transport = 'in-process' | 'http';

class WatchedDataSource extends SubgraphDataSource {
  readonly #name: string;
  readonly #transport: Transport;
  readonly #dataSource: SubgraphDataSource;
  readonly #url: string | undefined;

  constructor(name: string, transport: Transport, dataSource: SubgraphDataSource, url?: string) {
    super();
    this.#url = url;
    this.#name = name;
    this.#transport = transport;
    this.#dataSource = dataSource;
  }

  #startSpan({ operationName }: SubgraphRequest, { span }: GatewayContext) {
    return startSpan(`subgraph ${this.#name}`, {
      kind: this.#transport === 'http' ? 'client' : 'internal',
      parent: span,
      attributes: {
        ...(this.#url && clientAttributes('POST', this.#url)),
        'graphql.operation.name': operationName ?? undefined,
        'webmetrics.subgraph': this.#name,
        'webmetrics.transport': this.#transport,
      },
    });
  }

  async execute(request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse> {
    const startedAt = performance.now();
    const span = isTracing() ? this.#startSpan(request, context) : undefined;
    let outcome: SubgraphOutcome = 'failed';
    try {
      const response = await withSpan(span, () => this.#dataSource.execute(request, context));
      const [error] = response.errors ?? [];
      if (error) failSpan(span, String(error.extensions?.code));
      outcome = error ? 'errors' : 'ok';
      return response;
    } catch (error) {
      failSpan(span, errorTypeOf(error));
      throw error;
    } finally {
      span?.end();
      observeSubgraphCall(this.#name, this.#transport, outcome, secondsSince(startedAt));
    }
  }
}

/** Returns a data source with metrics and a span for each call, over HTTP to `url`. */
export function watchDataSource(
  name: string,
  transport: Transport,
  dataSource: SubgraphDataSource,
  url?: string,
): SubgraphDataSource {
  return new WatchedDataSource(name, transport, dataSource, url);
}
