import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComposeService } from '#ops/testing/compose-file.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

/** A service of the compose file, running as a plain process. */
export interface ComposeProcess extends StartedProcess {
  service: string;
  port: number;
  /** Runs the service's own health check, up to its retries: the status it ends with. */
  checkHealth(): Promise<number | null>;
}

/** The line of the log with which a start ends: in production there is no other. */
const READY = /"seconds":/;

/** The port a program listens on in its container. */
const innerPortOf = ({ command, environment }: ComposeService) =>
  (command.includes('--port') ? command[command.indexOf('--port') + 1] : environment.PORT) ?? 'missing';

const programIn = ([node, program = '']: string[]) => {
  if (node !== 'node' || !program.startsWith('dist/')) throw new Error(`This is not one of our programs: ${program}`);
  return program.slice('dist/'.length);
};

/** A path nothing can be written to, also by root: as in a read-only container. */
function unwritablePath(): string {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  return join(file, 'data');
}

/**
 * Starts a service's command with its settings from the compose file, except for `addresses`, which replace names of
 * the containers' network. Listens on `port`, or on a free one.
 */
export async function startService(
  service: string,
  definition: ComposeService,
  addresses: Record<string, string>,
  port?: number,
): Promise<ComposeProcess> {
  const actualPort = port ?? (await freePort());
  const healthPort = String(await freePort());
  const innerHealthPort = definition.environment.HEALTH_PORT ?? 'missing';
  const data = definition.volumes.some((volume) => volume.endsWith(':/data')) ? newFolder() : unwritablePath();
  const placeElsewhere = (text: string) => {
    if (text === innerPortOf(definition)) return String(actualPort);
    if (text === innerHealthPort) return healthPort;
    const all = {
      ...addresses,
      '0.0.0.0': '127.0.0.1',
      [`127.0.0.1:${innerHealthPort}`]: `127.0.0.1:${healthPort}`,
    };
    const placed = Object.entries(all).reduce((result, [from, to]) => result.replaceAll(from, to), text);
    return placed.replace(/^\/data(?=\/|$)/, data);
  };
  const environment = Object.fromEntries(
    Object.entries(definition.environment).map(([name, value]) => [name, placeElsewhere(value)]),
  );
  const [program, ...args] = [programIn(definition.command), ...definition.command.slice(2).map(placeElsewhere)];
  const started = await startProcess(program, args, {
    environment: { ...environment, LOG_LEVEL: 'info' },
    readyWhen: READY,
  });
  if (started.child.exitCode !== null) throw new Error(`${service} did not start: ${started.output()}`);
  return {
    ...started,
    service,
    port: actualPort,
    checkHealth: async () => {
      const { retries, test } = definition.healthcheck;
      const [how, ...command] = test;
      if (how !== 'CMD') throw new Error(`The health check of ${service} needs a shell.`);
      for (let attempt = 1; ; attempt += 1) {
        const { child } = await startProcess(programIn(command), command.slice(2).map(placeElsewhere), {});
        if (child.exitCode === 0 || attempt === retries) return child.exitCode;
      }
    },
  };
}
