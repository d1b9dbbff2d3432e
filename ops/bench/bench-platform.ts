import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { ApolloServer } from '@apollo/server';
import type { GatewayContext } from '#gateway/context.js';
import type { GatewayInterface } from '#gateway/execution/execution-gateway.js';
import { createApolloGateway, createGateway } from '#gateway/federation/supergraph.js';
import { createApolloServer } from '#gateway/graph/apollo.js';
import { responseCachePlugins } from '#gateway/graph/response-cache.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { parseConfig } from '#runtime/config/config.js';
import type { Caller, GraphClient, GraphOperation } from '#runtime/http/graph-client.js';
import { HttpClient, type OutboundRequest, type OutboundResponse } from '#runtime/http/http-client.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices, openServices, type Services } from '#runtime/services.js';
import { schemaFile, subgraphNames } from '#schema/type-definitions.js';
import { startSimulator } from '#simulator/index.js';
import { subgraphs } from '#subgraphs/index.js';
import { makeDataFolder } from './temporary-database.js';

/** Returns the identity of an owner of an organization, a new one by default. */
export const ownerOf = (organizationId: string, userId: string = randomUUID()): Identity => ({
  kind: 'user',
  userId,
  organizationId,
  role: 'OWNER',
  scopes: [],
  requestId: 'bench',
});

/** An outbound HTTP client that can replay recorded answers. */
class ReplayingHttpClient extends HttpClient {
  readonly #answers = new Map<string, OutboundResponse>();
  mode: 'live' | 'record' | 'replay' = 'live';
  /** Answers instead of a server; undefined = the server does. */
  standIn: (request: OutboundRequest) => OutboundResponse | undefined = () => undefined;

  override async send(request: OutboundRequest): Promise<OutboundResponse> {
    const given = this.standIn(request);
    if (given) return given;
    if (this.mode === 'live') return super.send(request);
    // Accounts and users differ in headers and bodies.
    const key = JSON.stringify([request.method, request.url, request.headers, request.body]);
    const known = this.#answers.get(key);
    if (this.mode === 'replay') {
      if (!known) throw new Error(`Nothing was recorded for ${request.url}`);
      return known;
    }
    const answer = await super.send(request);
    this.#answers.set(key, answer);
    return answer;
  }
}

/** WebMetrics without its HTTP server, which every variant would share. */
export interface BenchPlatform {
  services: Services;
  http: ReplayingHttpClient;
  simulatorUrl: string;
  running: RunningSubgraph[];
  /** Starts a gateway as `npm start` does, over these data sources. */
  startGateway(dataSources: DataSources): Promise<Gateway>;
  /** Starts the same over Apollo Gateway alone, with its executor. */
  startStockGateway(dataSources: DataSources): Promise<Gateway>;
  /** Starts the same server over anything that executes operations. */
  startServer(gateway: GatewayInterface): Promise<Gateway>;
}

export type Gateway = ApolloServer<GatewayContext>;
type DataSources = ReadonlyMap<string, GraphQLDataSource<GatewayContext>>;

/** Jobs and reports ask the gateway started last, as there is no address to send to. */
function graphOver(gatewayOf: () => Gateway | undefined): GraphClient {
  async function query<Data>({ query: text, variables }: GraphOperation, { part: _, ...caller }: Caller) {
    const gateway = gatewayOf();
    if (!gateway) throw new Error('No gateway of the benchmark has started.');
    return queryGateway<Data>(gateway, { kind: 'service', scopes: [], ...caller }, text, variables);
  }
  return {
    query,
    queryPartly: async <Data>(operation: GraphOperation, caller: Caller) => ({
      data: await query<Data>(operation, caller),
      errors: [],
    }),
  };
}

/** Opens a platform with its own data folder until `lifecycle` closes, without jobs. */
export async function openBenchPlatform(lifecycle: Lifecycle, logger: Logger): Promise<BenchPlatform> {
  const dataDir = makeDataFolder(lifecycle);
  const simulator = await startSimulator({ quiet: true });
  lifecycle.onClose('Simulator', () => simulator.close());
  // Consent redirects are not followed, so any local address works.
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir, PUBLIC_URL: 'http://localhost:8080' });
  const http = new ReplayingHttpClient();
  lifecycle.onClose('HTTP client with a memory', () => http.close());
  const base = openBaseServices({ config, logger, lifecycle, simulatorUrl: simulator.url });
  let latest: Gateway | undefined;
  const services: Services = { ...(await openServices({ ...base, http })), graph: graphOver(() => latest) };
  const running = await Promise.all(subgraphNames.map(async (name) => (await subgraphs[name]()).open(services)));
  const supergraphSdl = readFileSync(schemaFile('supergraph.graphql'), 'utf8');
  const startServer = async (gateway: GatewayInterface) => {
    const apollo = createApolloServer({
      gateway,
      logger,
      hasIntrospection: true,
      isLimited: true,
      plugins: responseCachePlugins(services.cache),
    });
    await apollo.start();
    lifecycle.onClose('Gateway', () => apollo.stop());
    return apollo;
  };
  const over = (dataSources: DataSources) => ({
    supergraphSdl,
    dataSourceFor: (name: string) => dataSources.get(name) as GraphQLDataSource<GatewayContext>,
  });
  return {
    services,
    http,
    simulatorUrl: simulator.url,
    running,
    startGateway: async (dataSources) => {
      latest = await startServer(createGateway(over(dataSources)));
      return latest;
    },
    startStockGateway: (dataSources) => startServer(createApolloGateway(over(dataSources))),
    startServer,
  };
}

/** Returns an operation's data. Throws on any error. */
export async function queryGateway<Data>(
  gateway: Gateway,
  identity: Identity,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const { body } = await gateway.executeOperation({ query, variables }, { contextValue: { identity } });
  if (body.kind !== 'single') throw new Error('The gateway answered in parts.');
  const { data, errors } = body.singleResult;
  if (errors?.[0]) throw new Error(`The gateway answered with an error: ${errors[0].message}`);
  return data as Data;
}
