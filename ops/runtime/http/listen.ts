import { createServer } from 'node:net';
import { ConfigurationError } from '#runtime/errors.js';

interface Listening {
  listen(options: { host: string; port: number; backlog: number }): Promise<string>;
}

/** Connections that wait while the event loop is busy. */
const BACKLOG = 4_096;

/** Returns the error of a server that could not listen on `port`, which `variable` sets. */
export function explainListening(error: NodeJS.ErrnoException, port: number, variable: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new ConfigurationError(
      `Port ${port} is taken: stop what is listening there, or set ${variable} to a free port.`,
    );
  }
  if (error.code === 'EACCES') {
    return new ConfigurationError(`This user may not listen on port ${port}: set ${variable} to a port above 1023.`);
  }
  return error;
}

/** Throws ConfigurationError when the port is not available, before anything is started in vain. */
export async function checkPort(host: string, port: number, variable: string): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(explainListening(error, port, variable)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** Starts a server and returns its port. Throws ConfigurationError when the port is not available. */
export async function listen(server: Listening, host: string, port: number, variable: string): Promise<number> {
  try {
    const address = await server.listen({ host, port, backlog: BACKLOG });
    return Number(new URL(address).port);
  } catch (error) {
    throw explainListening(error as NodeJS.ErrnoException, port, variable);
  }
}
