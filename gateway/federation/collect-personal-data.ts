import { randomUUID } from 'node:crypto';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { AppError } from '#runtime/errors.js';
import type { BaseServices } from '#runtime/services.js';
import { subgraphNames } from '#schema/type-definitions.js';

/** Returns the personal data of every subgraph. Throws when one of them does not answer. */
export type CollectPersonalData = (personId: string) => Promise<Record<string, unknown>>;

const TIMEOUT_MS = 30_000;

/** Returns the collector of personal data, over the transport of each subgraph. */
export function createCollectPersonalData(
  { config, internalSigner, http }: BaseServices,
  local: RunningSubgraph[],
): CollectPersonalData {
  async function askRemote(name: string, url: string, personId: string): Promise<unknown> {
    const identity = { kind: 'service' as const, scopes: [], requestId: randomUUID() };
    const headers = { authorization: `Bearer ${await internalSigner.sign(identity, name)}` };
    const address = new URL(`personal-data/${personId}`, url).href;
    const answer = await http.send({ url: address, headers, timeoutMs: TIMEOUT_MS, isIdempotent: true, isOurs: true });
    if (answer.status === 200) return JSON.parse(answer.body);
    throw new AppError('Not all parts of WebMetrics answer now: try again in a minute.', 'SUBGRAPH_UNAVAILABLE');
  }

  return async (personId) => {
    const collected: Record<string, unknown> = {};
    for (const name of subgraphNames) {
      const url = config.subgraphUrls[name];
      const here = local.find((subgraph) => subgraph.name === name);
      collected[name] = url ? await askRemote(name, url, personId) : await here?.personalData(personId);
    }
    return collected;
  };
}
