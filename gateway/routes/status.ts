import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SubgraphProbe } from '#gateway/federation/subgraph-probes.js';
import type { Operators } from '#gateway/identity/operator.js';
import type { CachedRateLimits, CountingMode } from '#runtime/cache/rate-limit.js';
import { rememberBriefly } from '#runtime/cache/remember-briefly.js';
import { Forbidden } from '#runtime/errors.js';
import type { InstallationStatus } from '#runtime/health/installation-status.js';
import { type ProcessStatus, watchProcess } from '#runtime/health/process-status.js';
import { readParts } from '#runtime/health/read-parts.js';
import type { Readiness, ReadinessReport } from '#runtime/health/readiness.js';
import { version } from '#runtime/process/project-root.js';
import type { BaseServices } from '#runtime/services.js';
import type { SubgraphReport } from '#subgraphs/process/subgraph-report.js';

/** The status for anyone. */
export interface PublicStatus {
  /** `degraded`: something optional is missing. */
  status: 'ok' | 'degraded' | 'not ready';
  version: string;
  /** Seconds. */
  uptime: number;
}

/** The status for operators. null = unknown, for the reason in `unknown`. */
export interface InstallationReport extends PublicStatus, ProcessStatus {
  environment: string;
  database: InstallationStatus['database'];
  migrations: InstallationStatus['migrations'];
  backups: InstallationStatus['backups'];
  jobs: InstallationStatus['jobs'];
  /** Connections by state. */
  integrations: Record<string, unknown> | null;
  /** Events of Stripe, payments, and the last comparison with Stripe. */
  billing: Record<string, unknown> | null;
  cache: 'memory' | 'redis' | 'memory, because Redis is away';
  /** Limits per 15 minutes (anonymous) and per minute (signed in); null = unlimited. */
  rateLimits: { mode: CountingMode; anonymous: number | null; signedIn: number | 'by plan' | null };
  subgraphs: Record<string, { transport: SubgraphProbe['transport']; status: ReadinessReport['checks'][string] }>;
  checks: ReadinessReport['checks'];
  unknown: Record<string, string>;
}

export interface InstallationReporter {
  forAnyone(): PublicStatus;
  forOperators(): Promise<InstallationReport>;
}

const MEMORY_MS = 1_000;
const SUBGRAPH_TIMEOUT_MS = 1_900;

const installationParts = ['database', 'migrations', 'jobs', 'backups'] as const;

/** Merges the reports of several processes: migrations by schema, otherwise the first known value. */
function mergeInstallations(statuses: InstallationStatus[]) {
  const firstKnown = <Name extends (typeof installationParts)[number]>(name: Name) =>
    statuses.find((status) => status[name] !== null)?.[name] ?? null;
  const migrations = statuses.flatMap((status) => (status.migrations ? [status.migrations] : []));
  const merged = {
    database: firstKnown('database'),
    migrations: migrations.length > 0 ? Object.assign({}, ...migrations) : null,
    jobs: firstKnown('jobs'),
    backups: firstKnown('backups'),
  };
  const unknown: Record<string, string> = {};
  for (const name of installationParts) {
    if (merged[name] !== null) continue;
    unknown[name] = statuses.find((status) => status.unknown[name])?.unknown[name] ?? 'no subgraph answered';
  }
  return { merged, unknown };
}

/** Returns the reporter of the installation's status, which reads at most once a second. */
export function createInstallationReporter(
  base: BaseServices,
  probes: Map<string, SubgraphProbe>,
  readiness: Readiness,
  rateLimits: Pick<CachedRateLimits, 'mode'>,
): InstallationReporter {
  const { config, cache, lifecycle } = base;
  const readProcess = watchProcess(lifecycle);

  const forAnyone = (): PublicStatus => {
    const isWhole = Object.values(readiness.report().checks).every((outcome) => outcome === 'ok');
    const status = !readiness.isReady() ? 'not ready' : isWhole ? 'ok' : 'degraded';
    return { status, version, uptime: Math.round(process.uptime()) };
  };

  async function read(): Promise<InstallationReport> {
    const { checks } = readiness.report();
    const { unknown: unanswered, ...reports } = await readParts<Record<string, SubgraphReport>>(
      Object.fromEntries([...probes].map(([name, { readReport }]) => [name, readReport])),
      SUBGRAPH_TIMEOUT_MS,
    );
    const answered = Object.values(reports).flatMap((report) => report ?? []) as SubgraphReport[];
    const { merged, unknown } = mergeInstallations(answered.map(({ installation }) => installation));
    const ownOf = (name: string) => (reports[name] as SubgraphReport | null | undefined)?.own ?? null;
    const [integrations, billing] = [ownOf('integrations'), ownOf('billing')];
    return {
      ...forAnyone(),
      environment: config.environment,
      ...merged,
      integrations,
      billing,
      cache: cache.mode === 'redis' && checks.cache !== 'ok' ? 'memory, because Redis is away' : cache.mode,
      rateLimits: {
        mode: rateLimits.mode(),
        anonymous: config.traffic.anonymousLimit || null,
        signedIn: (config.traffic.signedInLimit ?? 'by plan') || null,
      },
      ...readProcess(),
      subgraphs: Object.fromEntries(
        [...probes].map(([name, { transport }]) => [name, { transport, status: checks[name] ?? 'failed' }]),
      ),
      checks,
      unknown: {
        ...unknown,
        ...(integrations === null && { integrations: unanswered.integrations ?? 'cannot be read' }),
        ...(billing === null && { billing: unanswered.billing ?? 'cannot be read' }),
        ...Object.fromEntries(Object.entries(unanswered).map(([name, reason]) => [`subgraph ${name}`, reason])),
      },
    };
  }

  return { forAnyone, forOperators: rememberBriefly(read, MEMORY_MS) };
}

/** `GET /api/status`: a summary for anyone, the whole report for operators. Invalid credentials get 401. */
export function statusRoute(app: FastifyInstance, reporter: InstallationReporter, operators: Operators): void {
  const isOperator = async ({ headers: { authorization }, id, ip }: FastifyRequest) => {
    if (!authorization) return false;
    try {
      await operators.require(authorization, id, ip);
      return true;
    } catch (error) {
      if (error instanceof Forbidden) return false;
      throw error;
    }
  };
  app.get('/api/status', async (request, reply) => {
    const isFull = await isOperator(request);
    return reply
      .header('cache-control', 'no-store')
      .send(isFull ? await reporter.forOperators() : reporter.forAnyone());
  });
}
