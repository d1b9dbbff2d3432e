import { ask, type Check } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem } from '#ops/setup/doctor/finding.js';
import { ConfigurationError } from '#runtime/errors.js';
import { localUrl } from '#runtime/http/addresses.js';
import { checkPort } from '#runtime/http/listen.js';

/** Whether a gateway listens there already. */
async function isGateway(port: number, host: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await ask(`${localUrl(host, port)}/health`, signal);
    const { status } = (await answer.json()) as { status?: string };
    return status === 'ok' || status === 'starting';
  } catch {
    return false;
  }
}

async function findingFor(
  name: string,
  variable: string,
  port: number,
  host: string,
  signal: AbortSignal,
): Promise<Finding> {
  if (port === 0) return ok(name === 'Port' ? 'Any free port' : `${name}: any free one`);
  try {
    await checkPort(host, port, variable);
    return ok(`${name} ${port} is free`);
  } catch (error) {
    if (await isGateway(port, host, signal)) return ok(`${name} ${port} has a running gateway`);
    if (error instanceof ConfigurationError) {
      return problem(`${name} ${port} cannot be had`, error.message.replace(/^[^:]*: /, '').replace(/^./, upper));
    }
    throw error;
  }
}

const upper = (letter: string) => letter.toUpperCase();

export const ports: Check = {
  name: 'Port',
  run: async ({ config, signal }) => {
    const { host, port, healthPort } = config;
    const main = await findingFor('Port', 'PORT', port, host, signal);
    if (healthPort === undefined) return [main];
    return [main, await findingFor('Health port', 'HEALTH_PORT', healthPort, host, signal)];
  },
};
