import type { Config } from '#runtime/config/config.js';
import type { Logger } from '#runtime/log/logger.js';
import { revision, version } from './project-root.js';

export interface StartedProgram {
  program: string;
  config: Config;
  logger: Logger;
  /** undefined = it listens on none. */
  port: number | undefined;
  /** What this program is, beside what the settings say: the subgraphs whose jobs it runs, for example. */
  parts?: Record<string, unknown>;
}

function shapeOf(config: Config): Record<string, unknown> {
  return {
    remoteSubgraphs: Object.keys(config.subgraphUrls),
    database: config.databaseUrl ? 'external' : 'embedded',
    cache: config.redisUrl ? 'Redis' : 'memory',
    queue: config.mongodbUrl ? 'MongoDB' : 'PostgreSQL',
    ...(config.gatewayProcesses > 1 && { gatewayProcesses: config.gatewayProcesses }),
  };
}

/** Logs what starts: version and commit, Node.js, ports, and the shape of the installation as the settings say it. No secrets. */
export function logStart({ program, config, logger, port, parts }: StartedProgram): void {
  logger.info(
    {
      program,
      version,
      commit: revision,
      node: process.version,
      pid: process.pid,
      environment: config.environment,
      port,
      healthPort: config.healthPort,
      shape: { ...shapeOf(config), ...parts },
    },
    `WebMetrics ${version} starts: ${program}`,
  );
}

/** Logs that a start is through, and where the program listens. */
export function logStarted({ program, logger, port }: Omit<StartedProgram, 'config' | 'parts'>, url?: string): void {
  const seconds = Math.round(process.uptime() * 10) / 10;
  const where = url ? `listening at ${url}` : 'started';
  logger.info({ program, port, url, seconds }, `WebMetrics ${version}: ${program} ${where}`);
}

/** Writes for a person what a start has come to. In production it is left out where no terminal would show it: the log is JSON there. */
export function greet(text: string, { isProduction }: Pick<Config, 'isProduction'>): void {
  if (!isProduction || process.stdout.isTTY) process.stdout.write(text);
}
