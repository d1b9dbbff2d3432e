import type { GatewayContext } from '#gateway/context.js';
import type { Executor, SubgraphRequest } from '#kit/executor.js';
import type { FileAnswer, FileRequest, OpenFile } from '#kit/file-answer.js';
import { anonymous } from '#runtime/identity/identity.js';
import { SubgraphDataSource } from './subgraph-data-source.js';

/**
 * Runs operations in this process. Apollo's LocalGraphQLDataSource parses and validates each call, shares the
 * gateway's context and loses cache hints (decision 0002).
 */
export class InProcessDataSource extends SubgraphDataSource {
  readonly #execute: Executor;
  readonly #openFile: OpenFile | undefined;

  constructor(execute: Executor, openFile?: OpenFile) {
    super();
    this.#execute = execute;
    this.#openFile = openFile;
  }

  execute(request: SubgraphRequest, { identity, reads }: GatewayContext) {
    return this.#execute(request, identity ?? anonymous(''), reads);
  }

  override openFile(request: FileRequest, context: GatewayContext): Promise<FileAnswer> {
    const { identity, watch } = context;
    if (!this.#openFile) return super.openFile(request, context);
    return this.#openFile(request, identity, watch?.disconnection.signal ?? new AbortController().signal);
  }
}
