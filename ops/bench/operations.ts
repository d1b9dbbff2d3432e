import { availableParallelism, loadavg } from 'node:os';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { LongTimeoutHttpClient, openBenchSite } from './bench-site.js';
import { createDashboardData, dashboardsOf, signInUsers } from './dashboard-users.js';
import { measureBackup } from './operations/operations-backup.js';
import { measureHealth } from './operations/operations-health.js';
import { measureMongoJobs, measurePostgresJobs, startMongo } from './operations/operations-jobs.js';
import { describeBackup, describeHealth, describeJobs, describeWatching } from './operations/operations-report.js';
import { measureWatching } from './operations/operations-watching.js';
import { startSpanCollector } from './operations/span-collector.js';
import { round } from './statistics.js';
import { makeDataFolder, startPostgres } from './temporary-database.js';

// `npm run bench:operations [-- --scale 0.1] [health|watching|jobs|backup …]`: the cost of operations. Gateways,
// simulator and probes have their own processes; the load comes from here.

const PEOPLE = 8;
const BACKUP_ROWS = 500_000;

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

/** Warns of a busy machine, on which timings say little. */
function reportLoad(when: string): number {
  const [load = 0] = loadavg();
  if (load > availableParallelism()) {
    print(
      `The machine is busy ${when}: a load of ${load.toFixed(1)} on ${availableParallelism()} cores. Times are too long.\n`,
    );
  }
  return round(load, 1);
}

async function measureGateways(all: Lifecycle, parts: Set<string>, scale: number) {
  const lifecycle = new Lifecycle(logger);
  all.onClose('Gateways', () => lifecycle.close());
  try {
    const site = await openBenchSite(lifecycle);
    const http = new LongTimeoutHttpClient();
    lifecycle.onClose('HTTP client', () => http.close());
    const collector = await startSpanCollector(lifecycle);
    const count = Math.max(4, Math.round(PEOPLE * scale));
    const gateway = await site.startGateway('tracing', collector.url);
    const users = await signInUsers(http, gateway.url, count);
    for (const user of users) await createDashboardData(user);
    const health = parts.has('health') ? await measureHealth(gateway, dashboardsOf(users), scale) : undefined;
    if (health) print(describeHealth(health));
    await gateway.stop();
    if (!parts.has('watching')) return { health };
    const watching = await measureWatching(site, collector, http, { people: count, scale });
    print(describeWatching(watching));
    return { health, watching };
  } finally {
    await lifecycle.close();
  }
}

async function measureJobs(all: Lifecycle, scale: number) {
  const lifecycle = new Lifecycle(logger);
  all.onClose('Queues', () => lifecycle.close());
  try {
    const folder = makeDataFolder(lifecycle);
    const databaseUrl = await startPostgres(lifecycle, folder);
    const mongo = await startMongo(folder);
    lifecycle.onClose('MongoDB', () => mongo?.stop());
    const postgres = await measurePostgresJobs(databaseUrl, folder, logger, scale);
    if (!mongo) {
      print(describeJobs({ PostgreSQL: postgres }));
      print('Not measured: jobs in MongoDB. Set MONGODB_URL, or have mongod or ferretdb on the PATH.\n');
      return { postgres };
    }
    const mongodb = await measureMongoJobs(databaseUrl, mongo.url, folder, logger, scale);
    print(describeJobs({ PostgreSQL: postgres, [mongo.name]: mongodb }));
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
    const loadBefore = reportLoad('before anything is measured');
    const { health, watching } =
      parts.has('health') || parts.has('watching') ? await measureGateways(all, parts, scale) : {};
    const jobs = parts.has('jobs') ? await measureJobs(all, scale) : undefined;
    const backup = parts.has('backup') ? await measureBackup(Math.round(BACKUP_ROWS * scale)) : undefined;
    if (backup) print(describeBackup(backup));
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
