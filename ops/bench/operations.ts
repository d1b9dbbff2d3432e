import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBenchSite, PatientHttp } from './bench-site.js';
import { dashboardsOf, furnish, signInPeople } from './dashboard-people.js';
import { measureBackup } from './operations/operations-backup.js';
import { measureHealth } from './operations/operations-health.js';
import { measureMongoJobs, measurePostgresJobs, startMongo } from './operations/operations-jobs.js';
import { tellBackup, tellHealth, tellJobs, tellWatching } from './operations/operations-report.js';
import { measureWatching } from './operations/operations-watching.js';
import { startSpanCollector } from './operations/span-collector.js';
import { round } from './statistics.js';

// `npm run bench:operations [-- --scale 0.1] [health|watching|jobs|backup …]`: what running WebMetrics costs. Gateways, the
// simulated providers and whoever asks for /health are processes of their own, as they would be; the load comes from here.

const PEOPLE = 8;
const BACKUP_ROWS = 500_000;

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

/** Timings on a machine with other work say little: whoever reads them should know. */
function tellLoad(when: string): number {
  const [load = 0] = loadavg();
  if (load > availableParallelism()) {
    print(
      `The machine is busy ${when}: a load of ${load.toFixed(1)} on ${availableParallelism()} cores. Times are too long.\n`,
    );
  }
  return round(load, 1);
}

/** Measures gateways over one database: how they answer probes, and what watching costs them. */
async function measureGateways(all: Lifecycle, parts: Set<string>, scale: number) {
  const lifecycle = new Lifecycle(logger);
  all.onClose('Gateways', () => lifecycle.close());
  try {
    const site = await openBenchSite(lifecycle);
    const http = new PatientHttp();
    lifecycle.onClose('HTTP client', () => http.close());
    const collector = await startSpanCollector(lifecycle);
    const count = Math.max(4, Math.round(PEOPLE * scale));
    const gateway = await site.startGateway('tracing', collector.url);
    const people = await signInPeople(http, gateway.url, count);
    for (const person of people) await furnish(person);
    const health = parts.has('health') ? await measureHealth(gateway, dashboardsOf(people), scale) : undefined;
    if (health) print(tellHealth(health));
    await gateway.stop();
    if (!parts.has('watching')) return { health };
    const watching = await measureWatching(site, collector, http, { people: count, scale });
    print(tellWatching(watching));
    return { health, watching };
  } finally {
    await lifecycle.close();
  }
}

async function measureJobs(all: Lifecycle, scale: number) {
  const lifecycle = new Lifecycle(logger);
  all.onClose('Queues', () => lifecycle.close());
  try {
    const folder = mkdtempSync(join(tmpdir(), 'webmetrics-bench-'));
    lifecycle.onClose('Data folder', () => rmSync(folder, { recursive: true, force: true }));
    const server = await startEmbeddedPostgres(folder);
    lifecycle.onClose('Embedded PostgreSQL', server.stop);
    const mongo = await startMongo(folder);
    lifecycle.onClose('MongoDB', () => mongo?.stop());
    const postgres = await measurePostgresJobs(server.url, folder, logger, scale);
    if (!mongo) {
      print(tellJobs({ PostgreSQL: postgres }));
      print('Not measured: jobs in MongoDB. Set MONGODB_URL, or have mongod or ferretdb on the PATH.\n');
      return { postgres };
    }
    const mongodb = await measureMongoJobs(server.url, mongo.url, folder, logger, scale);
    print(tellJobs({ PostgreSQL: postgres, [mongo.name]: mongodb }));
    return { postgres, mongodb, mongodbServer: mongo.name };
  } finally {
    await lifecycle.close();
  }
}

const { flags, words } = readCommandLine({ scale: { type: 'string' } });
const scale = Number(flags.scale ?? 1);
const parts = new Set(words.length > 0 ? words : ['health', 'watching', 'jobs', 'backup']);

const all = new Lifecycle(logger);
await all
  .run(async () => {
    const loadBefore = tellLoad('before anything is measured');
    const { health, watching } =
      parts.has('health') || parts.has('watching') ? await measureGateways(all, parts, scale) : {};
    const jobs = parts.has('jobs') ? await measureJobs(all, scale) : undefined;
    const backup = parts.has('backup') ? await measureBackup(Math.round(BACKUP_ROWS * scale)) : undefined;
    if (backup) print(tellBackup(backup));
    const mongodb = jobs?.mongodb;
    const ratios = {
      ...(watching && { watchedVsUnwatched: round(1 + watching.cpu.together.median + watching.sending, 3) }),
      ...(health && { healthP99LoadedVsIdle: round(health.loaded.p99Ms / health.idle.p99Ms, 1) }),
      ...(mongodb && { jobsPerSecondPostgresVsMongo: round(jobs.postgres.jobsPerSecond / mongodb.jobsPerSecond) }),
      ...(mongodb && { jobStartP50PostgresVsMongo: round(jobs.postgres.start.p50Ms / mongodb.start.p50Ms) }),
      ...(backup && {
        backupVsRestoreSpeed: round(backup.backupMegabytesPerSecond / backup.restoreMegabytesPerSecond),
      }),
    };
    const machine = { cores: availableParallelism(), loadBefore };
    print(JSON.stringify({ bench: 'operations', ratios, figures: { machine, health, watching, jobs, backup } }));
    await all.close();
  })
  .catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
