import { deepStrictEqual } from 'node:assert';
import { ConfigurationError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBenchPlatform } from './bench-platform.js';
import { type DashboardRequest, dashboardAnswers, dashboardRequests } from './gateway/dashboard-load.js';
import { compareGateways, pairOverRunning, pairOverStubs, requireAnswers } from './gateway/gateway-pairs.js';
import { describeHttp, httpRatiosOf, measureHttp } from './gateway/http/measure-http.js';
import { longList, ROWS } from './gateway/long-list.js';
import { countCalls } from './providers/provider-calls.js';
import { type Compared, figuresOf, tableOf } from './report.js';
import { seedOrganization } from './seed-organization.js';
import { type Pace, sideBySide } from './side-by-side.js';

// `npm run bench:gateway [-- dashboard] [http] [--rounds 7] [--memorySeconds 20]`: the dashboard query with our gateway and with Apollo's, its executor and LocalGraphQLDataSource; and
// a long list with and without permissions. With resolvers that answer from memory, beside the same schema as one server, too;
// the other figures include PostgreSQL and the providers, replayed or simulated in this process. Over HTTP, beside Hive's gateway, too.

const ORGANIZATIONS = 8;
const CONCURRENCY = 8;
const paces = {
  recorded: { rounds: 15, roundMs: 500, concurrency: CONCURRENCY },
  simulated: { rounds: 5, roundMs: 500, concurrency: CONCURRENCY },
  remembered: { rounds: 15, roundMs: 350, concurrency: CONCURRENCY },
  list: { rounds: 15, roundMs: 250, concurrency: CONCURRENCY },
} satisfies Record<string, Pace>;

const PARTS = ['dashboard', 'http'];

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

async function measureDashboard(lifecycle: Lifecycle) {
  const platform = await openBenchPlatform(lifecycle, logger);
  const pair = await pairOverRunning(platform);
  const names = Array.from({ length: ORGANIZATIONS }, (_, number) => `Organization ${number + 1}`);
  const users = await Promise.all(names.map((name) => seedOrganization(platform, pair.ours, name)));
  const requests = dashboardRequests(users);
  const { http } = platform;
  http.mode = 'record';
  const answers = await dashboardAnswers(pair.ours, requests);
  const { ours, stock, oneServer } = await pairOverStubs(platform, requests, answers);
  await requireAnswers([ours, stock, oneServer], requests, answers);
  http.mode = 'replay';
  await requireAnswers([pair.ours, pair.stock], requests, answers);
  const ways: Compared['names'] = ['ours', 'stock'];
  const recorded = await compareGateways(pair.ours, pair.stock, requests, paces.recorded);
  const stubbed = await compareGateways(ours, stock, requests, paces.remembered);
  const single = await compareGateways(ours, oneServer, requests, paces.remembered);
  http.mode = 'live';
  const calls = await countCalls(platform, requests[0] as DashboardRequest);
  const simulated = await compareGateways(pair.ours, pair.stock, requests, paces.simulated);
  return {
    people: users,
    size: {
      organizations: ORGANIZATIONS,
      differentRequests: requests.length,
      answerCharacters: JSON.stringify(answers[0]).length,
    },
    calls,
    recorded: { title: 'Dashboard, provider answers replayed', names: ways, ...recorded },
    simulated: { title: 'Dashboard, providers simulated in this process', names: ways, ...simulated },
    remembered: { title: 'Dashboard, resolvers answer from memory', names: ways, ...stubbed },
    single: {
      title: 'Dashboard from memory, beside one server without federation and permissions',
      names: ['ours', 'oneServer'] as Compared['names'],
      ...single,
    },
  };
}

async function measureList(users: Identity[]): Promise<Compared> {
  const { guarded, bare } = longList(users, logger);
  deepStrictEqual(JSON.stringify(await guarded(0)), JSON.stringify(await bare(0)));
  const comparison = await sideBySide(guarded, bare, paces.list);
  return { title: `List of ${ROWS} campaigns`, names: ['shieldOn', 'shieldOff'], ...comparison };
}

async function measurePlatform() {
  const lifecycle = new Lifecycle(logger);
  try {
    const measured = await measureDashboard(lifecycle);
    return { ...measured, list: await measureList(measured.people) };
  } finally {
    await lifecycle.close();
  }
}

function summaryOf({
  size,
  calls,
  recorded,
  simulated,
  remembered,
  single,
  list,
}: Awaited<ReturnType<typeof measurePlatform>>) {
  const [rememberedFigures, listFigures] = [figuresOf(remembered), figuresOf(list)];
  return {
    ratios: {
      oursVsStock: rememberedFigures.ratio,
      oursVsStockWithEverything: figuresOf(recorded).ratio,
      oursVsOneServer: figuresOf(single).ratio,
      shieldOnVsOff: listFigures.ratio,
    },
    figures: {
      dashboard: { concurrency: CONCURRENCY, ...size, ...calls },
      rememberedSubgraphs: rememberedFigures,
      oneServer: figuresOf(single),
      recordedProviders: figuresOf(recorded),
      simulatedProviders: figuresOf(simulated),
      list: { rows: ROWS, ...listFigures },
    },
  };
}

const { flags, words } = readCommandLine({ rounds: { type: 'string' }, memorySeconds: { type: 'string' } });
const parts = new Set(words.length > 0 ? words : PARTS);
const unknown = [...parts].filter((part) => !PARTS.includes(part));
if (unknown.length > 0)
  exitWith(new ConfigurationError(`There is no part ${unknown.join(', ')}: ${PARTS.join(', ')}.`));

const lifecycle = new Lifecycle(logger);
await lifecycle
  .run(async () => {
    const platform = parts.has('dashboard') ? await measurePlatform() : undefined;
    if (platform) {
      const { remembered, single, recorded, simulated, list, calls } = platform;
      const lines = Object.entries(calls).map(([what, counts]) => `  ${what}: ${JSON.stringify(counts)}\n`);
      print(`${tableOf([remembered, single, recorded, simulated, list])}One dashboard query makes\n${lines.join('')}`);
    }
    const pace = { rounds: Number(flags.rounds ?? 7), roundMs: 3_000, connections: CONCURRENCY };
    const memoryMs = Number(flags.memorySeconds ?? 20) * 1_000;
    const http = parts.has('http') ? await measureHttp(lifecycle, pace, memoryMs, print) : undefined;
    if (http) print(describeHttp(http));
    const { ratios = {}, figures = {} } = platform ? summaryOf(platform) : {};
    const summary = {
      bench: 'gateway',
      ratios: { ...ratios, ...(http && httpRatiosOf(http)) },
      figures: { ...figures, ...(http && { http }) },
    };
    print(JSON.stringify(summary));
    await lifecycle.close();
  })
  .catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
