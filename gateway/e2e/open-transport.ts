import { randomBytes } from 'node:crypto';
import { openPlatform, type Platform } from '#gateway/platform.js';
import { dropDatabase, newMigratedDatabase, openTestBaseServices } from '#ops/testing/test-services.js';
import { listen } from '#runtime/http/listen.js';
import type { Logger } from '#runtime/log/logger.js';
import { type BaseServices, openServices } from '#runtime/services.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { startSimulator } from '#simulator/index.js';
import { subgraphs } from '#subgraphs/index.js';
import { openSubgraphServer } from '#subgraphs/process/subgraph-server.js';
import { workOn } from '#subgraphs/process/work-on.js';

export type Transport = 'in-process' | 'http';
export const everyTransport: Transport[] = ['in-process', 'http'];

declare global {
  /** What `transports` is; absent = in-process. */
  var testedTransports: Transport[] | undefined;
}

/** The transports that end-to-end tests run over: `over-http.drill.test.ts` runs them over HTTP. */
export const transports: Transport[] = globalThis.testedTransports ?? ['in-process'];

/** A whole WebMetrics with its own database and simulator. */
export interface OpenTransport extends Platform {
  url: string;
  simulatorUrl: string;
  base: BaseServices;
  /** The subgraphs that are processes of their own on the HTTP transport. */
  served: BaseServices[];
  subgraphUrls: Partial<Record<SubgraphName, string>>;
  close(): Promise<void>;
}

export async function openTransport(
  transport: Transport,
  environment: Record<string, string> = {},
  logger?: Logger,
): Promise<OpenTransport> {
  const simulator = await startSimulator({ quiet: true });
  const ownDatabase = environment.DATABASE_URL ? undefined : await newMigratedDatabase();
  const shared = {
    ...(ownDatabase && { DATABASE_URL: ownDatabase }),
    JWT_SECRET: randomBytes(32).toString('hex'),
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    // Copying 90 days of every account would take too long.
    HISTORY_DAYS: '1',
    ...environment,
  };
  let url: string | undefined;
  const openBaseServices = (more: Record<string, string> = {}) =>
    openTestBaseServices({
      environment: { ...shared, ...more },
      logger,
      simulatorUrl: simulator.url,
      listeningUrl: () => url,
    });

  const subgraphUrls: Partial<Record<SubgraphName, string>> = {};
  const served: BaseServices[] = [];
  const keyOf = (name: SubgraphName) => `INTERNAL_KEY_${name.toUpperCase()}`;
  const keys = Object.fromEntries(subgraphNames.map((name) => [keyOf(name), randomBytes(32).toString('hex')]));
  /** Each with its own key only, as in separate containers. */
  const serveAlone = async (name: SubgraphName) => {
    const key = { [keyOf(name)]: keys[keyOf(name)] ?? '' };
    const services = await openServices(await openBaseServices(name === 'auth' ? key : { ...key, JWT_SECRET: '' }));
    const running = await (await subgraphs[name]()).open(services);
    const server = await openSubgraphServer(services, running);
    subgraphUrls[name] = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0, 'port')}/graphql`;
    await workOn(services, [running]);
    served.push(services);
  };
  if (transport === 'http') await Promise.all(subgraphNames.map(serveAlone));

  const variables = Object.entries(subgraphUrls).map(([name, address]) => [
    `SUBGRAPH_${name.toUpperCase()}_URL`,
    address,
  ]);
  const ofGateway = transport === 'http' ? keys : {};
  const base = await openBaseServices({ ...Object.fromEntries(variables), ...ofGateway });
  const platform = await openPlatform(base);
  url = `http://127.0.0.1:${await listen(platform.app, '127.0.0.1', 0, 'PORT')}`;
  await platform.startJobs();
  return {
    ...platform,
    url,
    simulatorUrl: simulator.url,
    base,
    served,
    subgraphUrls,
    close: async () => {
      await base.lifecycle.close();
      await Promise.all(served.map(({ lifecycle }) => lifecycle.close()));
      await simulator.close();
      if (ownDatabase) await dropDatabase(ownDatabase);
    },
  };
}
