import { addDays, countDays, type DayRange } from '#integrations/calendar-day.js';
import { TooMuchData } from '#integrations/errors.js';
import { addMetrics } from './add-metrics.js';
import type { CampaignRow, FoundOf, Reader, ReaderQuestion, Rows } from './products.js';
import { currencyOf } from './products.js';

/** The products whose figures over a range are those of its parts. */
type Additive = 'campaigns' | 'campaignDays' | 'campaignParts' | 'breakdown';

/** Joins what was found in two adjacent ranges. */
type Join<Name extends Additive> = (
  one: FoundOf<Name>,
  other: FoundOf<Name>,
  question: ReaderQuestion<Name>,
) => FoundOf<Name>;

/** Returns both halves of a range of two days or more; the first is the longer one. */
export function halvesOf({ start, end }: DayRange): [DayRange, DayRange] {
  const half = Math.ceil(countDays(start, end) / 2);
  return [
    { start, end: addDays(start, half - 1) },
    { start: addDays(start, half), end },
  ];
}

/** Joins the rows of adjacent parts. */
export const joinRows = <Row>(one: Rows<Row>, other: Rows<Row>): Rows<Row> => ({
  rows: [...one.rows, ...other.rows],
  unreadable: [...one.unreadable, ...other.unreadable],
});

/** Adds up campaigns, or parts of one; the later range has the current name and state. */
export function joinSums<Row extends Pick<CampaignRow, 'externalId' | 'metrics'>>(
  one: Rows<Row>,
  other: Rows<Row>,
  { account }: Pick<ReaderQuestion<'campaigns'>, 'account'>,
): Rows<Row> {
  const unreadable = [...one.unreadable, ...other.unreadable];
  const rows = new Map(one.rows.map((row) => [row.externalId, row]));
  for (const row of other.rows) {
    const earlier = rows.get(row.externalId);
    const metrics = earlier ? addMetrics([earlier.metrics, row.metrics], currencyOf(account)) : row.metrics;
    rows.set(row.externalId, { ...row, metrics });
  }
  for (const { row } of unreadable) rows.delete(row);
  return { rows: [...rows.values()], unreadable };
}

/**
 * Returns a reader that requests each half of a range whose answer is too much for the provider, down to single days,
 * one after the other: the first part that fails answers the question.
 */
export function inHalves<Name extends Additive>(reader: Reader<Name>, join: Join<Name>): Reader<Name> {
  async function readParts<Asked extends ReaderQuestion<Name>>(
    accessToken: string,
    question: Asked,
  ): Promise<FoundOf<Name> | Error> {
    // Alone: readers join the ranges of several questions.
    const found = (await reader(accessToken, [question])).get(question) as FoundOf<Name> | Error;
    const { range } = question;
    if (!(found instanceof TooMuchData) || countDays(range.start, range.end) < 2) return found;
    const [first, second] = halvesOf(range);
    const one = await readParts(accessToken, { ...question, range: first });
    if (one instanceof Error) return one;
    const other = await readParts(accessToken, { ...question, range: second });
    return other instanceof Error ? other : join(one, other, question);
  }

  return async (accessToken, questions) => {
    const answers = await reader(accessToken, questions);
    for (const question of questions) {
      if (answers.get(question) instanceof TooMuchData) answers.set(question, await readParts(accessToken, question));
    }
    return answers;
  };
}

/**
 * Reads a page of a list, of half the size as long as that is too much for the provider. Returns it with the size that
 * was not, for the next page.
 */
export async function readPage<Page>(
  size: number,
  read: (size: number) => Promise<Page>,
  minSize = 1,
): Promise<{ page: Page; size: number }> {
  try {
    return { page: await read(size), size };
  } catch (error) {
    if (!(error instanceof TooMuchData) || size <= minSize) throw error;
    return readPage(Math.max(minSize, Math.floor(size / 2)), read, minSize);
  }
}
