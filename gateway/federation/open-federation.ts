import { readFileSync } from 'node:fs';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { ConfigurationError } from '#runtime/errors.js';
import type { Jobs } from '#runtime/jobs/jobs.js';
import { type BaseServices, openQueue, openServices, type Services } from '#runtime/services.js';
import { type SubgraphName, schemaFile, subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import { createSubgraphReports } from '#subgraphs/process/subgraph-report.js';
import { workOn } from '#subgraphs/process/work-on.js';
import { createDataSources } from './data-sources/index.js';
import type { SubgraphDataSource } from './data-sources/subgraph-data-source.js';
import { createSubgraphProbes, type SubgraphProbe } from './subgraph-probes.js';

/** The supergraph and its subgraphs. */
export interface Federation {
  supergraphSdl: string;
  /** Throws ConfigurationError for a subgraph this build does not have. */
  subgraph(name: SubgraphName | string): SubgraphDataSource;
  probes: Map<string, SubgraphProbe>;
  local: RunningSubgraph[];
  /** Their services; undefined = all subgraphs run elsewhere. */
  services?: Services;
  /** Opens the job queue at the first call. */
  queue(): Promise<Jobs>;
  /** Runs the jobs of the local subgraphs from now on. */
  startJobs(): Promise<void>;
}

function queueOnDemand(base: BaseServices): () => Promise<Jobs> {
  let queue: Promise<Jobs> | undefined;
  return () => {
    queue ??= openQueue(base).catch((error) => {
      queue = undefined;
      throw error;
    });
    return queue;
  };
}

async function openLocal(base: BaseServices): Promise<Pick<Federation, 'services' | 'local' | 'queue' | 'startJobs'>> {
  const names = subgraphNames.filter((name) => !base.config.subgraphUrls[name]);
  if (names.length === 0) return { local: [], startJobs: async () => {}, queue: queueOnDemand(base) };
  const services = await openServices(base);
  const definitions = [];
  for (const name of names) definitions.push(await subgraphs[name]());
  const local = await Promise.all(definitions.map((subgraph) => subgraph.open(services)));
  return { services, local, startJobs: () => workOn(services, local), queue: async () => services.jobs };
}

/** Opens the subgraphs without a URL in this process, and a data source and a probe for every subgraph. */
export async function openFederation(base: BaseServices): Promise<Federation> {
  const opened = await openLocal(base);
  const { services, local } = opened;
  const dataSources = createDataSources(base, local);
  return {
    ...opened,
    supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
    probes: createSubgraphProbes(base, local, services && createSubgraphReports(services)),
    subgraph: (name) => {
      const dataSource = dataSources.get(name);
      if (!dataSource)
        throw new ConfigurationError(`The supergraph has a subgraph "${name}" that is not in this build.`);
      return dataSource;
    },
  };
}
