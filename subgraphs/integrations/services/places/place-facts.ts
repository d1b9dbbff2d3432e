import type { DayRange } from '#integrations/calendar-day.js';
import type { FigureDays } from '#integrations/services/figures/figure-days.js';
import { timeUnitOf } from '#integrations/services/figures/grouping.js';
import type { Parameters } from '#integrations/services/figures/parameters.js';
import { type PlaceDimension, placeColumns } from './place-question.js';
import type { PlaceSource } from './read-place-source.js';

interface FactsQuestion extends FigureDays {
  organizationId: string;
  sources: PlaceSource[];
  groupBy: PlaceDimension[];
}

interface PlaceKey {
  accountId: string;
  placeId: string;
}

/** Without a unit of time, a reported place is a row without figures, too. */
function placesWithoutFigures({ groupBy, sources, range }: FactsQuestion) {
  if (!groupBy.includes('PLACE') || timeUnitOf(groupBy)) return [];
  const reported = sources.filter(({ isReported }) => isReported.current);
  return reported.flatMap(({ account, complete }) =>
    complete.map((placeId) => ({ accountId: account.id, placeId, day: range.start })),
  );
}

function copiedPlaces({ account, places, askedPlaces }: PlaceSource): PlaceKey[] {
  const asked = new Set(askedPlaces);
  const copied = [...places.keys()].filter((placeId) => !asked.has(placeId));
  return copied.map((placeId) => ({ accountId: account.id, placeId }));
}

/** Returns the tables of facts: copied days of places that are not asked, the asked ones, and places without figures. */
export function placeFacts(question: FactsQuestion, parameters: Parameters): string[] {
  const { organizationId, sources, range, compared } = question;
  const column = <Row, Value>(rows: Row[], read: (row: Row) => Value) => parameters.add(rows.map(read));
  const keys = (rows: PlaceKey[]) =>
    `${column(rows, ({ accountId }) => accountId)}::uuid[], ${column(rows, ({ placeId }) => placeId)}::text[]`;
  const days = (rows: { day: string }[]) => `${column(rows, ({ day }) => day)}::date[]`;
  const between = ({ start, end }: DayRange) => `known.day BETWEEN ${parameters.add(start)} AND ${parameters.add(end)}`;
  const names = Object.keys(placeColumns) as (keyof typeof placeColumns)[];
  const asked = sources.flatMap((source) => source.asked);
  const others = placesWithoutFigures(question);
  const gaps = sources.flatMap(({ account, gaps: own }) => own.map((gap) => ({ accountId: account.id, ...gap })));
  return [
    `gap AS (
    SELECT * FROM unnest(${column(gaps, ({ accountId }) => accountId)}::uuid[],
      ${column(gaps, ({ start }) => start)}::date[], ${column(gaps, ({ end }) => end)}::date[])
      AS gap (account_id, first, last)
  )`,
    `copied AS (
    SELECT * FROM unnest(${keys(sources.flatMap(copiedPlaces))}) AS copied (account_id, place_id)
  )`,
    `fact AS (
    SELECT known.account_id, known.place_id, known.day, ${names.map((name) => `known.${placeColumns[name]}`).join(', ')}
    FROM integrations.place_day AS known JOIN copied USING (account_id, place_id)
    WHERE known.organization_id = ${parameters.add(organizationId)}
      AND known.account_id = ANY (${parameters.add(sources.map(({ account }) => account.id))}::uuid[])
      AND (${[range, ...(compared ? [compared] : [])].map(between).join(' OR ')})
      AND NOT EXISTS (
        SELECT FROM gap WHERE gap.account_id = known.account_id AND known.day BETWEEN gap.first AND gap.last)
    UNION ALL
    SELECT * FROM unnest(${keys(asked)}, ${days(asked)},
      ${names.map((name) => `${column(asked, ({ metrics }) => metrics[name])}::bigint[]`).join(', ')})
      AS asked (account_id, place_id, day, ${names.map((name) => placeColumns[name]).join(', ')})
    UNION ALL
    SELECT *, ${names.map(() => '0::bigint').join(', ')} FROM unnest(${keys(others)}, ${days(others)})
      AS other (account_id, place_id, day)
  )`,
  ];
}
