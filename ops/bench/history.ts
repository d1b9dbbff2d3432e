import { availableParallelism, loadavg } from 'node:os';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { measureGrowth } from './answers/measure-growth.js';
import { figuresOf, tableOf } from './report.js';
import { round } from './statistics.js';

// `npm run bench:history [-- --scale 0.1]`: how the cost of one dashboard grows from 1 to 10,000 organizations with
// 10,000,000 copied rows.

const STEPS = [100, 1_000, 10_000];
const TEAM = { accounts: 2, campaigns: 5, days: 100 };

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

async function run(): Promise<void> {
  const { flags } = readCommandLine({ scale: { type: 'string' } });
  const scale = Number(flags.scale ?? 1);
  const [loadBefore = 0] = loadavg();
  const steps = [];
  for (const count of STEPS) {
    const grown = await measureGrowth(logger, Math.max(2, Math.round(count * scale)), TEAM, scale);
    const title = `${grown.organizations.toLocaleString('en')} organizations, ${grown.rows.toLocaleString('en')} rows`;
    const compared = { ...grown, title, names: ['one organization', 'many'] as [string, string] };
    print(tableOf([compared]));
    steps.push(compared);
  }
  const ratios = Object.fromEntries(
    steps.map(({ organizations, ratio }) => [`costAmong${organizations}`, round(ratio)]),
  );
  const machine = { cores: availableParallelism(), loadBefore: round(loadBefore, 1) };
  const figures = { machine, steps: steps.map((step) => ({ ...figuresOf(step), rows: step.rows })) };
  print(JSON.stringify({ bench: 'history', ratios, figures }));
}

run().catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
