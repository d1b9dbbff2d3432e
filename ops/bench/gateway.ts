import { deepStrictEqual } from 'node:assert';
import type { Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBenchPlatform } from './bench-platform.js';
import { type DashboardRequest, dashboardAnswers, dashboardRequests } from './gateway/dashboard-load.js';
import { comparePair, pairOverRemembered, pairOverRunning, requireAnswers } from './gateway/gateway-pairs.js';
import { longList, ROWS } from './gateway/long-list.js';
import { countCalls } from './providers/call-counts.js';
import { type Compared, figuresOf, tableOf } from './report.js';
import { seedOrganization } from './seed-organization.js';
import { type Pace, sideBySide } from './side-by-side.js';

// `npm run bench:gateway`: the dashboard query through the whole gateway with our InProcessDataSource and with Apollo's
// LocalGraphQLDataSource, and a long list with and without permissions. Operations go straight into Apollo Server: HTTP
// and authentication would only add the same to both.
//
// The ratio is taken with everything behind the resolvers in memory, which leaves the gateway, its data sources and
// GraphQL: what is compared, and not what both share. The figures say what is left of it with PostgreSQL and the providers
// behind them, their answers replayed from memory or given by the simulator, which shares the processor.

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
  const people = await Promise.all(names.map((name) => seedOrganization(platform, pair.inProcess, name)));
  const requests = dashboardRequests(people);
  const { http } = platform;
  http.mode = 'record';
  const answers = await dashboardAnswers(pair.inProcess, requests);
  const rememberedPair = await pairOverRemembered(platform, requests, answers);
  await requireAnswers(rememberedPair, requests, answers);
  http.mode = 'replay';
  await requireAnswers(pair, requests, answers);
  const ways: Compared['names'] = ['inProcess', 'local'];
  const recorded = await comparePair(pair, requests, paces.recorded);
  const remembered = await comparePair(rememberedPair, requests, paces.remembered);
  http.mode = 'live';
  const calls = await countCalls(platform, requests[0] as DashboardRequest);
  const simulated = await comparePair(pair, requests, paces.simulated);
  return {
    people,
    size: {
      organizations: ORGANIZATIONS,
      differentRequests: requests.length,
      answerCharacters: JSON.stringify(answers[0]).length,
    },
    calls,
    recorded: { title: 'Dashboard, provider answers replayed', names: ways, ...recorded },
    simulated: { title: 'Dashboard, providers simulated in this process', names: ways, ...simulated },
    remembered: { title: 'Dashboard, resolvers answer from memory', names: ways, ...remembered },
  };
}

async function measureList(people: Identity[]): Promise<Compared> {
  const { guarded, bare } = longList(people, logger);
  deepStrictEqual(JSON.stringify(await guarded(0)), JSON.stringify(await bare(0)));
  const comparison = await sideBySide(guarded, bare, paces.list);
  return { title: `List of ${ROWS} campaigns`, names: ['shieldOn', 'shieldOff'], ...comparison };
}

const lifecycle = new Lifecycle(logger);
await lifecycle.run(async () => {
  const { people, size, calls, recorded, simulated, remembered } = await measureDashboard(lifecycle);
  const list = await measureList(people);
  await lifecycle.close();
  const told = Object.entries(calls).map(([what, counts]) => `  ${what}: ${JSON.stringify(counts)}\n`);
  process.stdout.write(
    `${tableOf([remembered, recorded, simulated, list])}One dashboard query makes\n${told.join('')}`,
  );
  const rememberedFigures = figuresOf(remembered);
  const listFigures = figuresOf(list);
  const summary = {
    bench: 'gateway',
    ratios: { inProcessVsLocal: rememberedFigures.ratio, shieldOnVsOff: listFigures.ratio },
    figures: {
      dashboard: { concurrency: CONCURRENCY, ...size, ...calls },
      rememberedSubgraphs: rememberedFigures,
      recordedProviders: figuresOf(recorded),
      simulatedProviders: figuresOf(simulated),
      list: { rows: ROWS, ...listFigures },
    },
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
});
