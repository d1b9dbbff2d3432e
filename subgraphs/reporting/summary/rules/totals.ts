import type { Cell } from '#reporting/dataset/dataset.js';
import type { Direction, Fact, Rule, Value } from '#reporting/summary/fact.js';
import type { SectionFigures } from '#reporting/summary/section-figures.js';
import { headlines, LEAST_CHANGE, leastVolumeOf } from './thresholds.js';

const IMPORTANCE = { changed: 72, steady: 72, stated: 72 };
/** A change of this ratio or more is as important as any. */
const MOST_CHANGE = 1;
const MOST_EXTRA = 20;

/** Metrics of which less is better in a ranking: the first is on top. */
const RANKS = ['position'];

interface Total {
  section: Fact['section'];
  figures: SectionFigures;
  cells: Cell[];
  currency: string | null;
}

function isEnough({ figures, cells }: Total, metric: string): boolean {
  const { metric: basis, least } = leastVolumeOf(metric);
  if (!figures.has(basis)) return true;
  const volumes = [figures.numberOf(cells, basis), figures.numberOf(cells, basis, 'previous')];
  return Math.max(...volumes.map((volume) => volume ?? 0)) >= least;
}

function ruleOf(metric: string, direction: Direction): Rule {
  if (RANKS.includes(metric)) return direction === 'down' ? 'improved' : 'worsened';
  return direction === 'up' ? 'rose' : 'fell';
}

/** Returns how a figure moved against the days before; null when it did not, by chance only, or when one of the two is unknown. */
function changed(total: Total, metric: string, rank: number): Fact | null {
  const { section, figures, cells, currency } = total;
  const [current, previous] = [figures.numberOf(cells, metric), figures.numberOf(cells, metric, 'previous')];
  const column = figures.columnOf(metric);
  if (current === null || previous === null || current === previous || !column || !isEnough(total, metric)) return null;
  const direction: Direction = current > previous ? 'up' : 'down';
  const figure = (of: 'current' | 'previous') =>
    ({ kind: 'figure', cell: figures.cellOf(cells, metric, of) ?? '', column, currency }) as const;
  const values = {
    metric: { kind: 'metric', column },
    current: figure('current'),
    previous: figure('previous'),
  } as const;
  const facts = { section, currency, direction, advice: null };
  if (previous === 0) {
    return { ...facts, rule: 'began', importance: IMPORTANCE.changed + MOST_EXTRA - rank, values };
  }
  // The change the graph answered; it is there whenever both figures are.
  const ratio = figures.cellOf(cells, metric, 'change');
  const size = Math.abs(ratio === null ? current / previous - 1 : Number(ratio));
  if (size < LEAST_CHANGE || ratio === null) return null;
  const importance = IMPORTANCE.changed + (MOST_EXTRA * Math.min(size, MOST_CHANGE)) / MOST_CHANGE - rank;
  const rule = ruleOf(metric, direction);
  const advice = rule === 'worsened' ? 'advice.position' : null;
  return { ...facts, rule, importance, advice, values: { ...values, change: { kind: 'change', ratio } } };
}

/** The most important figures there are, at most three. */
function figuresOf({ figures, cells, currency }: Total): Extract<Value, { kind: 'figures' }> {
  const known = headlines[figures.section.kind].flatMap((metric) => {
    const [cell, column] = [figures.cellOf(cells, metric), figures.columnOf(metric)];
    return cell === null || !column ? [] : [{ cell, column, currency }];
  });
  return { kind: 'figures', figures: known.slice(0, 3) };
}

function stated(total: Total): Fact[] {
  const { section, currency } = total;
  const figures = figuresOf(total);
  if (figures.figures.every(({ cell }) => Number(cell) === 0)) return [];
  const facts = { section, currency, direction: null, advice: null };
  return [{ ...facts, rule: 'stated', importance: IMPORTANCE.stated, values: { figures } }];
}

/** Whether no figure changed by more than is noise, however few it counts. */
function isSteady({ figures, cells }: Total, metrics: string[]): boolean {
  return metrics.every((metric) => {
    const [current, previous] = [figures.numberOf(cells, metric), figures.numberOf(cells, metric, 'previous')];
    return current === previous || (!!current && !!previous && Math.abs(current / previous - 1) < LEAST_CHANGE);
  });
}

/**
 * Returns what the totals of a section say: which figures moved; that none did; or, where nothing is compared and where changes are
 * chance, what they are. `section` is what sentences call it.
 */
export function factsOfTotals(figures: SectionFigures, section: Fact['section']): Fact[] {
  const { kind, totals, compared } = figures.section;
  return totals.flatMap((cells): Fact[] => {
    const total = { section, figures, cells, currency: figures.currencyOf(cells) };
    const comparable = headlines[kind].filter(
      (metric) =>
        compared && figures.cellOf(cells, metric) !== null && figures.cellOf(cells, metric, 'previous') !== null,
    );
    const moved = comparable.flatMap((metric, rank) => changed(total, metric, rank) ?? []);
    if (moved.length > 0) return moved;
    const asStated = stated(total);
    if (comparable.length === 0 || !isSteady(total, comparable)) return asStated;
    const values = { share: { kind: 'share', ratio: String(LEAST_CHANGE) } as const, figures: figuresOf(total) };
    return asStated.map((fact) => ({ ...fact, rule: 'steady', importance: IMPORTANCE.steady, values }));
  });
}
