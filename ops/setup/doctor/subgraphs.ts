import { ask, type Check, type CheckContext, reasonOf } from './check.js';
import { type Finding, ok, problem, warning } from './finding.js';

async function look(name: string, address: string, signal: AbortSignal): Promise<Finding> {
  const variable = `SUBGRAPH_${name.toUpperCase()}_URL`;
  try {
    const { status } = await ask(new URL('/ready', address).href, signal);
    if (status === 200) return ok(`${name} is ready at ${address}`);
    if (status === 503) return problem(`${name} runs at ${address}, but is not ready`, 'Look at what its log says.');
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
    if (status === 200) return [ok(`Jobs reach the gateway at ${gatewayUrl}`)];
    return [problem(`GATEWAY_URL leads to something else (it answers ${status})`, 'Correct GATEWAY_URL.')];
  } catch (error) {
    const advice = 'Start the gateway, or correct GATEWAY_URL: reports are not made without it.';
    return [warning(`The gateway cannot be reached at ${gatewayUrl} (${reasonOf(error)})`, advice)];
  }
}

/** The processes there are besides this one. */
export const subgraphs: Check = {
  name: 'Subgraphs',
  run: async (context) => {
    const urls = Object.entries(context.config.subgraphUrls);
    const remote = await Promise.all(urls.map(([name, url]) => look(name, url, context.signal)));
    const local = context.subgraphNames.filter((name) => !context.config.subgraphUrls[name]);
    const here = local.length > 0 ? [ok(`In the gateway: ${local.join(', ')}`)] : [];
    return [...here, ...remote, ...(await gateway(context))];
  },
};
