import { randomUUID } from 'node:crypto';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { HttpClient } from '#runtime/http/http-client.js';
import type { TokenSigner } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';
import type { ReadSubgraphReport, SubgraphReport } from '#subgraphs/process/subgraph-report.js';

/** The readiness and status of one subgraph. */
export interface SubgraphProbe {
  transport: 'in-process' | 'http';
  checkReady(): Promise<void>;
  readReport(): Promise<SubgraphReport>;
}

const READY_TIMEOUT_MS = 1_500;
/** Longer than the installation report waits. */
const REPORT_TIMEOUT_MS = 5_000;

/** Probes a remote subgraph, at paths beside its graph. */
function remoteProbe(http: HttpClient, signer: TokenSigner, name: string, url: string): SubgraphProbe {
  const ask = async (path: string, timeoutMs: number, headers?: Record<string, string>) => {
    const answer = await http.send({ url: new URL(path, url).href, headers, timeoutMs });
    if (answer.status !== 200) throw new Error(`${name} answered ${answer.status} at ${path}`);
    return answer.body;
  };
  return {
    transport: 'http',
    checkReady: async () => void (await ask('ready', READY_TIMEOUT_MS)),
    readReport: async () => {
      const identity = { kind: 'service' as const, scopes: [], requestId: randomUUID() };
      const authorization = `Bearer ${await signer.sign(identity, name)}`;
      return JSON.parse(await ask('status', REPORT_TIMEOUT_MS, { authorization })) as SubgraphReport;
    },
  };
}

/** Returns a probe for each subgraph. */
export function createSubgraphProbes(
  base: BaseServices,
  local: RunningSubgraph[],
  readReport: ReadSubgraphReport | undefined,
): Map<string, SubgraphProbe> {
  const { config, internalSigner, lifecycle } = base;
  const probes = new Map<string, SubgraphProbe>();
  // Without a logger: a probe runs every second.
  const http = new HttpClient();
  lifecycle.onClose('Probes of subgraphs', () => http.close());
  for (const [name, url] of Object.entries(config.subgraphUrls)) {
    probes.set(name, remoteProbe(http, internalSigner, name, url));
  }
  for (const subgraph of local) {
    probes.set(subgraph.name, {
      transport: 'in-process',
      checkReady: () => subgraph.checkReady(),
      readReport: async () => {
        if (!readReport) throw new Error(`${subgraph.name} runs here without a services`);
        return readReport(subgraph);
      },
    });
  }
  return probes;
}
