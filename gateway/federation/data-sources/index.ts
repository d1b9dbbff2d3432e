import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { MAX_SUBGRAPH_ANSWER_BYTES } from '#kit/json-size.js';
import type { BaseServices } from '#runtime/services.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { HttpDataSource } from './http.js';
import { InProcessDataSource } from './in-process.js';
import { shareFetches } from './share-fetches.js';
import type { SubgraphDataSource } from './subgraph-data-source.js';
import { watchDataSource } from './watch-data-source.js';

export type DataSources = ReadonlyMap<string, SubgraphDataSource>;

/** Returns a data source for each subgraph: over HTTP where there is a URL, else in this process. */
export function createDataSources(base: BaseServices, local: RunningSubgraph[]): DataSources {
  const { config, internalSigner, lifecycle, logger } = base;
  const dataSources = new Map<string, SubgraphDataSource>();
  for (const name of subgraphNames) {
    const url = config.subgraphUrls[name];
    if (!url) continue;
    const maxBytes = MAX_SUBGRAPH_ANSWER_BYTES;
    const dataSource = new HttpDataSource({ name, url, signer: internalSigner, maxBytes, logger });
    lifecycle.onClose(`Connections to ${name}`, () => dataSource.close());
    dataSources.set(name, watchDataSource(name, 'http', shareFetches(dataSource), url));
  }
  for (const { name, execute, openFile } of local) {
    const dataSource = shareFetches(new InProcessDataSource(execute, openFile));
    dataSources.set(name, watchDataSource(name, 'in-process', dataSource));
  }
  return dataSources;
}
