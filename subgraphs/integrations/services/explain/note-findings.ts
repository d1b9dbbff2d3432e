import type Big from 'big.js';
import { groupBy } from 'es-toolkit/array';
import type { Context } from '#integrations/context.js';
import type { FigureFindingModel } from '#integrations/models.js';
import type { FigureNote } from '#integrations/providers/figure-facts.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { type FigureQuestion, findingValue, type MarkedSource } from './explained-figure.js';

/** What is known of the answer that a figure is of. */
interface NotedAnswer {
  groupBy: readonly string[];
  /** Whether a row is explained; else, the totals. */
  isRow: boolean;
  /** The sum of all rows, and the totals, where they may differ. */
  figures: { rows: Big | null; totals: Big | null } | undefined;
}

const DECIMALS = 6;

function quantities({ figures }: NotedAnswer): FigureFindingModel['values'] {
  if (!figures?.rows || !figures.totals) return [];
  const { rows, totals } = figures;
  return Object.entries({ totals, rows, difference: totals.minus(rows) }).flatMap(([name, value]) =>
    findingValue(name, value.round(DECIMALS).toFixed()),
  );
}

function applies({ metrics, dimensions, isOfRows }: FigureNote, metric: string, answer: NotedAnswer): boolean {
  const { groupBy: by, isRow, figures } = answer;
  if (metrics && !metrics.includes(metric)) return false;
  if (dimensions && !dimensions.some((dimension) => by.includes(dimension))) return false;
  return !isOfRows || (!isRow && figures?.rows != null && figures.totals != null && !figures.rows.eq(figures.totals));
}

/** Explains what providers note of a figure in general, and of this answer. */
export function noteFindings(
  { metric, sources }: FigureQuestion & { sources: MarkedSource[] },
  answer: NotedAnswer,
): FigureFindingModel[] {
  return Object.entries(groupBy(sources, ({ account }) => account.providerId)).flatMap(([providerId, group]) => {
    const { name, figureFacts } = describeProviderById(providerId);
    return (figureFacts?.notes ?? []).flatMap((note): FigureFindingModel[] => {
      const { code, text, mark, isOfRows, values = {} } = note;
      const marked = mark ? group.filter(({ quality }) => quality?.[mark]) : group;
      if (marked.length === 0 || !applies(note, metric, answer)) return [];
      return [
        {
          code,
          message: `${name} ${text}.`,
          providerId,
          accounts: marked.map(({ account }) => account),
          values: [
            ...Object.entries(values).flatMap(([one, value]) => findingValue(one, value)),
            ...(isOfRows ? quantities(answer) : []),
          ],
        },
      ];
    });
  });
}

/** Explains that the last days of a figure are not reported yet. */
export function lateFindings({ providers }: Context, { range, sources }: FigureQuestion): FigureFindingModel[] {
  return sources.flatMap(({ account, state, reportedThrough }): FigureFindingModel[] => {
    const history = providers.find(account.providerId)?.history;
    if (state === 'MISSING' || !history?.lagDays || (reportedThrough ?? '') >= range.end) return [];
    const { name } = describeProviderById(account.providerId);
    return [
      {
        code: 'REPORTED_LATE',
        message: `${name} reports days ${history.lagDays} days late or more: ${account.name} is in through ${reportedThrough ?? 'no day of the range'}, and later days are not zero.`,
        providerId: account.providerId,
        accounts: [account],
        values: [...findingValue('reportedThrough', reportedThrough), ...findingValue('lagDays', history.lagDays)],
      },
    ];
  });
}
