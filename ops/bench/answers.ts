import { availableParallelism, loadavg } from 'node:os';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { measureAnswers } from './answers/measure-answers.js';
import { measureGrowth } from './answers/measure-growth.js';
import { measurePages } from './answers/measure-pages.js';
import { figuresOf, tableOf } from './report.js';
import { round } from './statistics.js';

// `npm run bench:answers [-- --scale 0.2] [hand growth pages …]`: performance over copied days, against the same aggregate
// written by hand, in a database of many organizations, and page after page of its largest question.

const ORGANIZATIONS = 1_000;
const TEAM = { accounts: 10, campaigns: 10, days: 100 };

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

async function run(): Promise<void> {
  const { flags, words } = readCommandLine({ scale: { type: 'string' } });
  const scale = Number(flags.scale ?? 1);
  const parts = new Set(words.length > 0 ? words : ['hand', 'growth', 'pages']);
  const [loadBefore = 0] = loadavg();
  const answers = parts.has('hand') ? await measureAnswers(logger, scale) : undefined;
  const hand = answers && {
    ...answers,
    title: `By month and provider, compared, over ${answers.rows.toLocaleString('en')} rows`,
    names: ['performance', 'by hand'] as [string, string],
  };
  if (hand) {
    const { beforeMb, afterMb, requests } = hand.memory;
    print(tableOf([hand]));
    print(`Resident memory before and after ${requests} more: ${beforeMb} MB, ${afterMb} MB\n`);
  }
  const grown = parts.has('growth')
    ? await measureGrowth(logger, Math.max(2, Math.round(ORGANIZATIONS * scale)), TEAM, scale)
    : undefined;
  const growth = grown && {
    ...grown,
    title: `The same question among ${grown.organizations} organizations`,
    names: ['one organization', 'many'] as [string, string],
  };
  if (growth) print(tableOf([growth]));
  const pages = parts.has('pages') ? await measurePages(logger, scale) : undefined;
  if (pages) {
    const { rows, msPerPage, memory } = pages;
    print(`${pages.pages} pages of ${rows.toLocaleString('en')} rows by day and campaign`);
    print(`  ms for a page: ${msPerPage.first} the first, ${msPerPage.median} the median, ${msPerPage.last} the last`);
    print(`  resident memory after ten pages and after the last: ${memory.beforeMb} MB, ${memory.afterMb} MB\n`);
  }
  const ratios = {
    ...(hand && { performanceVsHand: round(hand.ratio) }),
    ...(growth && { costAmongMany: round(growth.ratio) }),
  };
  const machine = { cores: availableParallelism(), loadBefore: round(loadBefore, 1) };
  const figures = {
    machine,
    ...(hand && { hand: { ...figuresOf(hand), memory: hand.memory } }),
    ...(growth && { growth: figuresOf(growth) }),
    ...(pages && { pages }),
  };
  print(JSON.stringify({ bench: 'answers', ratios, figures }));
}

run().catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
