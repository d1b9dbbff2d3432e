import type { Paint } from '#ops/setup/colours.js';
import type { Examination } from './examine.js';
import type { Finding } from './finding.js';

export type Counts = Record<Finding['level'], number>;

/** Counts findings by level. */
export function countFindings(examinations: Examination[]): Counts {
  const counts: Counts = { ok: 0, warning: 0, problem: 0 };
  for (const { level } of examinations.flatMap(({ findings }) => findings)) counts[level] += 1;
  return counts;
}

const SIGNS = { ok: ['green', '✓'], warning: ['yellow', '!'], problem: ['red', '✗'] } as const;

function describe({ level, message, advice }: Finding, paint: Paint): string {
  const [colour, sign] = SIGNS[level];
  const line = `  ${paint(colour, sign)} ${level === 'ok' ? message : paint(colour, message)}`;
  return advice ? `${line}\n      ${advice}` : line;
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

function verdict({ ok, warning, problem }: Counts, isGoLive: boolean, paint: Paint): string {
  const figures = `${plural(problem, 'problem')}, ${plural(warning, 'warning')}, ${ok} fine`;
  if (problem > 0) return paint('red', `${figures}. ${isGoLive ? 'Not ready to go live.' : 'This needs attention.'}`);
  const text = `${figures}. ${isGoLive ? 'Ready to go live.' : 'WebMetrics can run like this.'}`;
  return paint(warning > 0 ? 'yellow' : 'green', text);
}

/** Returns the findings of a check as text. */
export function examinationAsText({ name, findings }: Examination, paint: Paint): string {
  return `${paint('bold', name)}\n${findings.map((finding) => describe(finding, paint)).join('\n')}\n\n`;
}

/** Returns the summary as text. */
export function verdictAsText(examinations: Examination[], isGoLive: boolean, paint: Paint): string {
  return `${verdict(countFindings(examinations), isGoLive, paint)}\n`;
}

/** Returns the report as JSON. */
export function reportAsJson(examinations: Examination[], isGoLive: boolean): string {
  const counts = countFindings(examinations);
  return `${JSON.stringify({ healthy: counts.problem === 0, goLive: isGoLive, counts, checks: examinations }, null, 2)}\n`;
}
