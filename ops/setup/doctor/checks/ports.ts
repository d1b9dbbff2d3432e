import { ask, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem } from '#ops/setup/doctor/finding.js';
import { ConfigurationError } from '#runtime/errors.js';
import { checkPort } from '#runtime/http/listen.js';

/** Whether what listens there is a gateway: it says so on /health. */
async function isGateway(port: number, host: string, signal: AbortSignal): Promise<boolean> {
  const address = ['0.0.0.0', '::', ''].includes(host) ? 'localhost' : host;
  try {
    const answer = await ask(`http://${address.includes(':') ? `[${address}]` : address}:${port}/health`, signal);
    const { status } = (await answer.json()) as { status?: string };
    return status === 'ok' || status === 'starting';
  } catch {
    return false;
  }
}

async function gatewayPort({ config, signal }: CheckContext): Promise<Finding> {
  const { port, host } = config;
  if (port === 0) return ok('Any free port');
  try {
    await checkPort(host, port, 'PORT');
    return ok(`Port ${port} is free`);
  } catch (error) {
    if (await isGateway(port, host, signal)) return ok(`Port ${port} has a running gateway`);
    if (error instanceof ConfigurationError) {
      return problem(`Port ${port} cannot be had`, error.message.replace(/^[^:]*: /, '').replace(/^./, upper));
    }
    throw error;
  }
}

const upper = (letter: string) => letter.toUpperCase();

/** Where the gateway listens. */
export const ports: Check = { name: 'Port', run: async (context) => [await gatewayPort(context)] };
