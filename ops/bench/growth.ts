import { availableParallelism, loadavg } from 'node:os';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openQuestionedPlatform } from './answers/performance-question.js';
import { type CpuCost, measureCpu } from './growth/cpu-cost.js';
import { figuresGrowth } from './growth/figures-growth.js';
import { recordsGrowth } from './growth/records-growth.js';
import type { Subject } from './growth/subject.js';
import { rowPrinter } from './report.js';
import { round } from './statistics.js';

// `npm run bench:growth [-- --scale 0.1] [words of a name]`: CPU time of this process and of PostgreSQL at three sizes of what
// grows, and whether it grows faster than the answer.

/** How much faster than the answer a cost may grow. */
const ALLOWED = 1.2;

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);
const line = rowPrinter(64, 14);

interface Point {
  size: number;
  cost: CpuCost;
}

const totalOf = ({ cost }: Point) => cost.processMs + cost.databaseMs;

/** Each subject has a database of its own, so that it does not pay for the others. */
async function measure(subject: Subject, scale: number): Promise<Point[]> {
  const lifecycle = new Lifecycle(logger);
  try {
    const platform = await openQuestionedPlatform(lifecycle, logger);
    const { dataDir } = platform.platform.services.config;
    const points: Point[] = [];
    for (const full of subject.sizes) {
      const size = Math.max(5, Math.round((full * scale) / 5) * 5);
      const { ask } = await subject.prepare(platform, size);
      const pace = subject.isOnce ? { rounds: 6, most: 1 } : {};
      points.push({ size, cost: await measureCpu(dataDir, ask, pace) });
    }
    return points;
  } finally {
    await lifecycle.close();
  }
}

function verdictOf({ growsWith }: Subject, points: Point[]) {
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  const grown = totalOf(last) / totalOf(first);
  const expected = growsWith === 'answer' ? last.size / first.size : 1;
  return { grown, expected, isFlagged: grown > ALLOWED * expected };
}

async function run(): Promise<void> {
  const { flags, words } = readCommandLine({ scale: { type: 'string' } });
  const scale = Number(flags.scale ?? 1);
  const wanted = words.join(' ').toLowerCase();
  const [loadBefore = 0] = loadavg();
  const subjects = [...figuresGrowth, ...recordsGrowth].filter(({ name }) => name.toLowerCase().includes(wanted));
  const figures = [];
  const flagged: string[] = [];
  for (const subject of subjects) {
    const points = await measure(subject, scale);
    const { grown, expected, isFlagged } = verdictOf(subject, points);
    print(line(subject.name, 'process', 'PostgreSQL', 'together'));
    for (const point of points) {
      const { processMs, databaseMs } = point.cost;
      const cells = [processMs, databaseMs, totalOf(point)].map((ms) => `${ms.toFixed(1)} ms`);
      print(line(`  ${point.size.toLocaleString('en')} ${subject.of}`, ...cells));
    }
    print(
      `  ${grown.toFixed(1)}x the cost for ${expected.toFixed(1)}x the answer${isFlagged ? '  <- FASTER THAN THE ANSWER' : ''}\n`,
    );
    if (isFlagged) flagged.push(subject.name);
    figures.push({ subject: subject.name, of: subject.of, grown: round(grown), expected, points });
  }
  print(
    flagged.length === 0 ? 'Nothing grows faster than its answer.' : `Faster than the answer: ${flagged.join('; ')}.`,
  );
  const machine = { cores: availableParallelism(), loadBefore: round(loadBefore, 1) };
  const ratios = Object.fromEntries(figures.map(({ subject, grown, expected }) => [subject, round(grown / expected)]));
  print(JSON.stringify({ bench: 'growth', ratios, figures: { machine, subjects: figures } }));
}

run().catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
