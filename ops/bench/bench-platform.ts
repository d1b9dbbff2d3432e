import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { ApolloServer } from '@apollo/server';
import type { GatewayContext } from '#gateway/context.js';
import type { DataSources } from '#gateway/federation/data-sources/index.js';
import { createGateway } from '#gateway/federation/supergraph.js';
import { createApolloServer } from '#gateway/graph/apollo.js';
import { responseCachePlugins } from '#gateway/graph/response-cache.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { parseConfig } from '#runtime/config/config.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices, openServices, type Services } from '#runtime/services.js';
import { schemaFile, subgraphNames } from '#schema/type-definitions.js';
import { startSimulator } from '#simulator/index.js';
import { subgraphs } from '#subgraphs/index.js';
import { RecordedHttp } from './gateway/recorded-http.js';

/** All of WebMetrics behind the HTTP server, which every variant would share. Nothing listens but its database and simulator. */
export interface BenchPlatform {
  services: Services;
  http: RecordedHttp;
  simulatorUrl: string;
  running: RunningSubgraph[];
  /** Starts a gateway as `npm start` does, over these ways to the subgraphs. */
  startGateway(dataSources: DataSources): Promise<Gateway>;
}

export type Gateway = ApolloServer<GatewayContext>;

/** Opens a platform with a data folder of its own, that is gone when `lifecycle` has closed. No jobs run. */
export async function openBenchPlatform(lifecycle: Lifecycle, logger: Logger): Promise<BenchPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-bench-'));
  lifecycle.onClose('Data folder', () => rmSync(dataDir, { recursive: true, force: true }));
  const simulator = await startSimulator({ quiet: true });
  lifecycle.onClose('Simulator', () => simulator.close());
  // Nothing follows the redirects of a consent, so any address of this machine does.
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir, PUBLIC_URL: 'http://localhost:8080' });
  const http = new RecordedHttp();
  lifecycle.onClose('HTTP client with a memory', () => http.close());
  const base = openBaseServices({ config, logger, lifecycle, simulatorUrl: simulator.url });
  const services = await openServices({ ...base, http });
  const running = await Promise.all(subgraphNames.map(async (name) => (await subgraphs[name]()).open(services)));
  const supergraphSdl = readFileSync(schemaFile('supergraph.graphql'), 'utf8');
  return {
    services,
    http,
    simulatorUrl: simulator.url,
    running,
    async startGateway(dataSources) {
      const apollo = createApolloServer({
        gateway: createGateway({
          supergraphSdl,
          dataSourceFor: (name) => dataSources.get(name) as GraphQLDataSource<GatewayContext>,
        }),
        logger,
        hasIntrospection: true,
        isLimited: true,
        plugins: responseCachePlugins(services.cache),
      });
      await apollo.start();
      lifecycle.onClose('Gateway', () => apollo.stop());
      return apollo;
    },
  };
}
