import { randomUUID } from 'node:crypto';
import { ask, askGraph, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { knownSecrets } from '#ops/setup/doctor/known-secrets.js';
import { InternalSigner } from '#runtime/identity/internal-signer.js';
import { reasonOf } from '#runtime/log/reason-of.js';

/** Returns the gateway's token for a subgraph; undefined without keys. */
async function tokenFor(name: string, { config }: CheckContext): Promise<string | undefined> {
  const secrets = knownSecrets(config);
  const identity = { kind: 'service' as const, scopes: [], requestId: randomUUID() };
  return secrets && new InternalSigner(secrets.keysOf).sign(identity, name);
}

/** Whether operations arrive: another service could answer at the host. */
async function findRoadBlock(name: string, address: string, context: CheckContext): Promise<Finding | undefined> {
  const variable = `SUBGRAPH_${name.toUpperCase()}_URL`;
  const token = await tokenFor(name, context);
  const status = await askGraph(address, context.signal, token);
  if (status === 404 || status === 405) {
    return problem(`${name}: ${address} takes no operations (it answers ${status})`, `End ${variable} in /graphql.`);
  }
  if (status !== 401 || !token) return undefined;
  return problem(
    `${name}: what runs at ${address} does not believe what this gateway signs`,
    `Correct ${variable} if that is another subgraph; else give both the same INTERNAL_KEY_${name.toUpperCase()} (or INTERNAL_JWT_SECRET, or JWT_SECRET) and the same time.`,
  );
}

async function look(name: string, address: string, context: CheckContext): Promise<Finding> {
  const { signal } = context;
  const variable = `SUBGRAPH_${name.toUpperCase()}_URL`;
  try {
    const { status } = await ask(new URL('/ready', address).href, signal);
    if (status === 200) return (await findRoadBlock(name, address, context)) ?? ok(`${name} is ready at ${address}`);
    if (status === 503) return problem(`${name} runs at ${address}, but is not ready`, 'Read its log.');
    return problem(`${name}: ${address} is something else (it answers ${status})`, `Correct ${variable}.`);
  } catch (error) {
    const advice = `Start it (npm run serve -- ${name}), or correct ${variable}.`;
    return problem(`${name} cannot be reached at ${address} (${reasonOf(error)})`, advice);
  }
}

async function gateway({ config: { gatewayUrl }, signal }: CheckContext): Promise<Finding[]> {
  if (!gatewayUrl) return [];
  try {
    const { status } = await ask(new URL('/health', gatewayUrl).href, signal);
    if (status === 200) {
      const answer = await askGraph(gatewayUrl, signal);
      if (answer !== 404 && answer !== 405) return [ok(`Jobs reach the gateway at ${gatewayUrl}`)];
      return [problem(`GATEWAY_URL takes no operations (it answers ${answer})`, 'End GATEWAY_URL in /graphql.')];
    }
    return [problem(`GATEWAY_URL leads to something else (it answers ${status})`, 'Correct GATEWAY_URL.')];
  } catch (error) {
    const advice = 'Start the gateway, or correct GATEWAY_URL: reports are not made without it.';
    return [warning(`The gateway cannot be reached at ${gatewayUrl} (${reasonOf(error)})`, advice)];
  }
}

export const subgraphs: Check = {
  name: 'Subgraphs',
  run: async (context) => {
    const urls = Object.entries(context.config.subgraphUrls);
    const remote = await Promise.all(urls.map(([name, url]) => look(name, url, context)));
    const local = context.subgraphNames.filter((name) => !context.config.subgraphUrls[name]);
    const here = local.length > 0 ? [ok(`In the gateway: ${local.join(', ')}`)] : [];
    return [...here, ...remote, ...(await gateway(context))];
  },
};
