import type { Cell, Row } from '#reporting/dataset/dataset.js';
import type { Advice, Fact, Rule, Value } from '#reporting/summary/fact.js';
import type { SectionFigures } from '#reporting/summary/section-figures.js';
import {
  contributions,
  FAST_PACE,
  LEAST_CONTRIBUTION,
  LEAST_COST_SHARE,
  LEAST_DEVIATION,
  LEAST_SHARE,
  leastVolumeOf,
  SLOW_PACE,
} from './thresholds.js';

/** What a rule sees of a row. */
interface Seen {
  figures: SectionFigures;
  row: Row;
  /** The sums of its currency. */
  total: Cell[];
  /** What rows contribute to. */
  metric: string;
}

/** Finds the row a sentence is about. */
interface RowRule {
  rule: Rule;
  importance: number;
  direction: Fact['direction'];
  advice: Advice | null;
  /** The metrics a section needs. */
  needs: 'comparison' | 'advertising' | 'budget';
  /** Returns how remarkable a row is; null when it is not. */
  score(seen: Seen): number | null;
  /** The figures the sentence has besides the name of the row. */
  values(seen: Seen): Record<string, Value>;
}

const figureOf = ({ figures, row }: Seen, metric: string, of: 'current' | 'previous' = 'current'): Value => {
  const column = figures.columnOf(metric);
  if (!column) throw new Error(`The section has no ${metric}.`);
  return { kind: 'figure', cell: figures.cellOf(row, metric, of) ?? '', column, currency: figures.currencyOf(row) };
};

const totalOf = ({ figures, row, total }: Seen, metric: string): Value => {
  const { column } = figureOf({ figures, row, total, metric }, metric) as Extract<Value, { kind: 'figure' }>;
  return { kind: 'figure', cell: figures.cellOf(total, metric) ?? '', column, currency: figures.currencyOf(row) };
};

const metricOf = ({ figures }: Seen, metric: string): Value => {
  const column = figures.columnOf(metric);
  if (!column) throw new Error(`The section has no ${metric}.`);
  return { kind: 'metric', column };
};

const current = ({ figures, row }: Seen, metric: string) => figures.numberOf(row, metric);
const previous = ({ figures, row }: Seen, metric: string) => figures.numberOf(row, metric, 'previous');

function shareOfTotal({ figures, row, total }: Seen, metric: string, of: 'current' | 'previous' = 'current'): number {
  const [part, whole] = [figures.numberOf(row, metric, of), figures.numberOf(total, metric, of)];
  return part !== null && whole ? part / whole : 0;
}

/** How much a row changed, as share of the total before; null by chance, and of rows that are new or vanished. */
function contributionOf(seen: Seen): number | null {
  const { figures, total, metric } = seen;
  const [now, before] = [current(seen, metric), previous(seen, metric)];
  const whole = figures.numberOf(total, metric, 'previous');
  if (!now || !before || !whole) return null;
  if (Math.max(now, before) < leastVolumeOf(metric).least) return null;
  const share = (now - before) / whole;
  return Math.abs(share) >= LEAST_CONTRIBUTION ? share : null;
}

const changeOf = (seen: Seen) => ({
  metric: metricOf(seen, seen.metric),
  previous: figureOf(seen, seen.metric, 'previous'),
  current: figureOf(seen, seen.metric),
});

// The return on what was spent, or what a conversion cost where conversions have no value.
function ratioOf({ figures, total }: Seen): { metric: 'roas' | 'cpa'; whole: number } | null {
  for (const metric of ['roas', 'cpa'] as const) {
    const whole = figures.has(metric) ? figures.numberOf(total, metric) : null;
    if (whole) return { metric, whole };
  }
  return null;
}

/** How much better the ratio of a row is than that of the total, as share; negative = worse. Null without enough cost and conversions. */
function advantageOf(seen: Seen): number | null {
  const ratio = ratioOf(seen);
  if (!ratio || shareOfTotal(seen, 'cost') < LEAST_COST_SHARE) return null;
  const [own, conversions] = [current(seen, ratio.metric), current(seen, 'conversions')];
  if (own === null || !conversions) return null;
  const deviation = own / ratio.whole - 1;
  return ratio.metric === 'roas' ? deviation : -deviation;
}

const hasConversions = (seen: Seen) => (current(seen, 'conversions') ?? 0) >= leastVolumeOf('conversions').least;

const ratioValues = (seen: Seen) => {
  const metric = ratioOf(seen)?.metric ?? 'roas';
  return { metric: metricOf(seen, metric), current: figureOf(seen, metric), total: totalOf(seen, metric) };
};

const isAbsent = (value: number | null) => value === null || value === 0;

const budgetValues = (seen: Seen) => ({
  spent: figureOf(seen, 'spent'),
  amount: figureOf(seen, 'amount'),
  ...(seen.figures.has('pace') && current(seen, 'pace') !== null
    ? { pace: { kind: 'share', ratio: seen.figures.cellOf(seen.row, 'pace') ?? '' } as const }
    : {}),
});

// A month that is over is neither spent too fast nor too slowly any more.
const isOver = (seen: Seen) => current(seen, 'daysleft') === 0;

const isExceeded = (seen: Seen) =>
  (current(seen, 'spent') ?? 0) > (current(seen, 'amount') ?? Number.POSITIVE_INFINITY);

/** The rules about single rows, and what each is worth. */
const rules: RowRule[] = [
  {
    rule: 'budgetExceeded',
    importance: 85,
    direction: null,
    advice: 'advice.budgetExceeded',
    needs: 'budget',
    score: (seen) => (isExceeded(seen) ? (current(seen, 'spent') ?? 0) / (current(seen, 'amount') || 1) : null),
    values: budgetValues,
  },
  {
    rule: 'budgetFast',
    importance: 75,
    direction: null,
    advice: 'advice.budgetFast',
    needs: 'budget',
    score: (seen) => {
      const pace = current(seen, 'pace');
      return pace !== null && pace >= FAST_PACE && !isExceeded(seen) && !isOver(seen) ? pace : null;
    },
    values: budgetValues,
  },
  {
    rule: 'withoutConversions',
    importance: 70,
    direction: null,
    advice: 'advice.withoutConversions',
    needs: 'advertising',
    score: (seen) => {
      const { figures, total } = seen;
      if (current(seen, 'conversions') !== 0) return null;
      if ((figures.numberOf(total, 'conversions') ?? 0) < leastVolumeOf('conversions').least) return null;
      if (figures.has('clicks') && (current(seen, 'clicks') ?? 0) < leastVolumeOf('clicks').least) return null;
      const share = shareOfTotal(seen, 'cost');
      return share >= LEAST_SHARE ? share : null;
    },
    values: (seen) => ({ cost: figureOf(seen, 'cost') }),
  },
  {
    rule: 'decrease',
    importance: 58,
    direction: 'down',
    advice: 'advice.decrease',
    needs: 'comparison',
    score: (seen) => {
      const share = contributionOf(seen);
      return share !== null && share < 0 ? -share : null;
    },
    values: changeOf,
  },
  {
    rule: 'increase',
    importance: 57,
    direction: 'up',
    advice: null,
    needs: 'comparison',
    score: (seen) => {
      const share = contributionOf(seen);
      return share !== null && share > 0 ? share : null;
    },
    values: changeOf,
  },
  {
    rule: 'budgetSlow',
    importance: 54,
    direction: null,
    advice: 'advice.budgetSlow',
    needs: 'budget',
    score: (seen) => {
      const pace = current(seen, 'pace');
      return pace !== null && pace <= SLOW_PACE && !isOver(seen) ? 1 - pace : null;
    },
    values: budgetValues,
  },
  {
    rule: 'weakest',
    importance: 52,
    direction: null,
    advice: 'advice.weakest',
    needs: 'advertising',
    score: (seen) => {
      const advantage = advantageOf(seen);
      return advantage !== null && advantage <= -LEAST_DEVIATION ? -advantage : null;
    },
    values: ratioValues,
  },
  {
    rule: 'best',
    importance: 50,
    direction: null,
    advice: null,
    needs: 'advertising',
    score: (seen) => {
      const advantage = hasConversions(seen) ? advantageOf(seen) : null;
      return advantage !== null && advantage >= LEAST_DEVIATION ? advantage : null;
    },
    values: ratioValues,
  },
  {
    rule: 'vanished',
    importance: 48,
    direction: null,
    advice: 'advice.vanished',
    needs: 'comparison',
    score: (seen) => {
      const { metric } = seen;
      const before = previous(seen, metric) ?? 0;
      if (!isAbsent(current(seen, metric)) || before < leastVolumeOf(metric).least) return null;
      const share = shareOfTotal(seen, metric, 'previous');
      return share >= LEAST_SHARE ? share : null;
    },
    values: (seen) => ({ metric: metricOf(seen, seen.metric), previous: figureOf(seen, seen.metric, 'previous') }),
  },
  {
    rule: 'new',
    importance: 46,
    direction: null,
    advice: null,
    needs: 'comparison',
    score: (seen) => {
      const { metric } = seen;
      const now = current(seen, metric) ?? 0;
      if (!isAbsent(previous(seen, metric)) || now < leastVolumeOf(metric).least) return null;
      const share = shareOfTotal(seen, metric);
      return share >= LEAST_SHARE ? share : null;
    },
    values: (seen) => ({ metric: metricOf(seen, seen.metric), current: figureOf(seen, seen.metric) }),
  },
];

function meets(figures: SectionFigures, rule: RowRule, metric: string | undefined): boolean {
  const { kind, compared, rowCount } = figures.section;
  if (rule.needs === 'budget') return kind === 'BUDGETS' && figures.has('spent') && figures.has('amount');
  // Of one row there is nothing to say that the total does not.
  if (kind === 'BUDGETS' || rowCount < 2) return false;
  if (rule.needs === 'comparison') return compared !== null && metric !== undefined;
  return figures.has('cost') && figures.has('conversions');
}

/** Watches the rows of a section pass, and keeps the most remarkable one for each rule and currency. */
export class RowWatch {
  readonly #figures: SectionFigures;
  readonly #rules: RowRule[];
  readonly #metric: string;
  readonly #section: Fact['section'];
  #month = '';
  readonly #found = new Map<string, { rule: RowRule; seen: Seen; score: number; currency: string | null }>();

  /** `called` is what sentences call the section. */
  constructor(figures: SectionFigures, called: Fact['section']) {
    const { section, subject, hasTime } = figures;
    this.#section = called;
    const hasTotal = (metric: string) => section.totals.some((cells) => figures.numberOf(cells, metric) !== null);
    const metric = contributions[section.kind].find((one) => figures.has(one) && hasTotal(one));
    this.#figures = figures;
    this.#metric = metric ?? '';
    // Budgets have a month each.
    this.#rules =
      subject && (!hasTime || section.kind === 'BUDGETS') ? rules.filter((rule) => meets(figures, rule, metric)) : [];
  }

  /** Whether its rows are worth reading. */
  get isWatching(): boolean {
    return this.#rules.length > 0;
  }

  add(row: Row): void {
    const figures = this.#figures;
    if (figures.nameOf(row) === null) return;
    if (!this.#isOfLatestMonth(row)) return;
    const currency = figures.currencyOf(row);
    const seen = { figures, row, total: figures.totalsOf(currency) ?? [], metric: this.#metric };
    for (const rule of this.#rules) {
      const score = rule.score(seen);
      if (score === null) continue;
      const key = `${rule.rule} ${currency}`;
      const best = this.#found.get(key);
      // The first of equals stays: the same rows make the same sentences.
      if (!best || score > best.score) this.#found.set(key, { rule, seen, score, currency });
    }
  }

  // Of budgets of several months, the latest are of use.
  #isOfLatestMonth(row: Row): boolean {
    if (this.#figures.section.kind !== 'BUDGETS') return true;
    const month = this.#figures.monthOf(row) ?? '';
    if (month > this.#month) this.#found.clear();
    if (month >= this.#month) this.#month = month;
    return month === this.#month;
  }

  /** Returns a fact for each rule that found a row. */
  get facts(): Fact[] {
    const { subject } = this.#figures;
    return [...this.#found.values()].map(({ rule, seen, score, currency }) => ({
      rule: rule.rule,
      // Below the difference of two rules.
      importance: rule.importance + Math.min(score, 1) / 2,
      section: this.#section,
      currency,
      direction: rule.direction,
      advice: rule.advice,
      values: {
        name: { kind: 'name', name: this.#figures.nameOf(seen.row) ?? '', column: subject ?? null },
        ...rule.values(seen),
      },
    }));
  }
}
