import { deepStrictEqual } from 'node:assert';
import type { Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBenchPlatform } from './bench-platform.js';
import { type DashboardRequest, dashboardAnswers, dashboardRequests } from './gateway/dashboard-load.js';
import { comparePair, pairOverRunning, pairOverStubs, requireAnswers } from './gateway/gateway-pairs.js';
import { longList, ROWS } from './gateway/long-list.js';
import { countCalls } from './providers/provider-calls.js';
import { type Compared, figuresOf, tableOf } from './report.js';
import { seedOrganization } from './seed-organization.js';
import { type Pace, sideBySide } from './side-by-side.js';

// `npm run bench:gateway`: the dashboard query with our InProcessDataSource and Apollo's LocalGraphQLDataSource, and a
// long list with and without permissions. The ratio is taken with resolvers that answer from memory; the other figures
// include PostgreSQL and the providers, replayed or simulated in this process.

const ORGANIZATIONS = 8;
const CONCURRENCY = 8;
const paces = {
  recorded: { rounds: 15, roundMs: 500, concurrency: CONCURRENCY },
  simulated: { rounds: 5, roundMs: 500, concurrency: CONCURRENCY },
  remembered: { rounds: 15, roundMs: 350, concurrency: CONCURRENCY },
  list: { rounds: 15, roundMs: 250, concurrency: CONCURRENCY },
} satisfies Record<string, Pace>;

const logger = createLogger({ level: 'silent', isPretty: false });

async function measureDashboard(lifecycle: Lifecycle) {
  const platform = await openBenchPlatform(lifecycle, logger);
  const pair = await pairOverRunning(platform);
  const names = Array.from({ length: ORGANIZATIONS }, (_, number) => `Organization ${number + 1}`);
  const users = await Promise.all(names.map((name) => seedOrganization(platform, pair.inProcess, name)));
  const requests = dashboardRequests(users);
  const { http } = platform;
  http.mode = 'record';
  const answers = await dashboardAnswers(pair.inProcess, requests);
  const stubbedPair = await pairOverStubs(platform, requests, answers);
  await requireAnswers(stubbedPair, requests, answers);
  http.mode = 'replay';
  await requireAnswers(pair, requests, answers);
  const ways: Compared['names'] = ['inProcess', 'local'];
  const recorded = await comparePair(pair, requests, paces.recorded);
  const stubbed = await comparePair(stubbedPair, requests, paces.remembered);
  http.mode = 'live';
  const calls = await countCalls(platform, requests[0] as DashboardRequest);
  const simulated = await comparePair(pair, requests, paces.simulated);
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
  };
}

async function measureList(users: Identity[]): Promise<Compared> {
  const { guarded, bare } = longList(users, logger);
  deepStrictEqual(JSON.stringify(await guarded(0)), JSON.stringify(await bare(0)));
  const comparison = await sideBySide(guarded, bare, paces.list);
  return { title: `List of ${ROWS} campaigns`, names: ['shieldOn', 'shieldOff'], ...comparison };
}

const lifecycle = new Lifecycle(logger);
await lifecycle.run(async () => {
  const { people: users, size, calls, recorded, simulated, remembered: stubbed } = await measureDashboard(lifecycle);
  const list = await measureList(users);
  await lifecycle.close();
  const lines = Object.entries(calls).map(([what, counts]) => `  ${what}: ${JSON.stringify(counts)}\n`);
  process.stdout.write(`${tableOf([stubbed, recorded, simulated, list])}One dashboard query makes\n${lines.join('')}`);
  const stubbedFigures = figuresOf(stubbed);
  const listFigures = figuresOf(list);
  const summary = {
    bench: 'gateway',
    ratios: { inProcessVsLocal: stubbedFigures.ratio, shieldOnVsOff: listFigures.ratio },
    figures: {
      dashboard: { concurrency: CONCURRENCY, ...size, ...calls },
      rememberedSubgraphs: stubbedFigures,
      recordedProviders: figuresOf(recorded),
      simulatedProviders: figuresOf(simulated),
      list: { rows: ROWS, ...listFigures },
    },
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
});
