import { z } from 'zod';
import { answerAll, answerGroups } from '#integrations/providers/answer-groups.js';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import { readPage } from '#integrations/providers/halves.js';
import { count, plainNumber } from '#integrations/providers/numbers.js';
import type { ReaderQuestion, Readers, Rows, SearchRow } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';

const CALLS_AT_ONCE = 8;

/** https://developers.google.com/webmaster-tools/v1/searchanalytics/query */
const MAX_ROWS = 25_000;

const keys = z.array(z.string()).default([]);

const searchRow = z.object({ keys, clicks: count, impressions: count, ctr: plainNumber, position: plainNumber });

const identityOfRow = z.object({ keys }).transform((row) => ({ row: row.keys.join(' · ') }));

const answer = z.object({ rows: z.array(z.unknown()).default([]) });

async function readAllPages(
  name: string,
  api: GoogleApi,
  accessToken: string,
  { account, range, dimensions, dataState }: ReaderQuestion<'searchQueries'>,
  limit: number,
): Promise<Rows<SearchRow>> {
  const path = `/webmasters/v3/sites/${encodeURIComponent(account.externalId)}/searchAnalytics/query`;
  const rows: unknown[] = [];
  let maxRows = MAX_ROWS;
  while (rows.length < limit) {
    const wanted = Math.min(maxRows, limit - rows.length);
    const { page, size } = await readPage(wanted, (rowLimit) =>
      api.post(
        accessToken,
        path,
        {
          startDate: range.start,
          endDate: range.end,
          dimensions,
          type: 'web',
          dataState,
          rowLimit,
          startRow: rows.length,
        },
        answer,
      ),
    );
    if (size < wanted) maxRows = size;
    rows.push(...page.rows);
    // The last page is the one that is not full.
    if (page.rows.length < size) break;
  }
  const { read, unreadable } = readRows(name, searchRow, rows, identityOfRow);
  return { rows: distinctRows(read, (row) => JSON.stringify(row.keys)), unreadable };
}

/** One call per question; rows of the same question with different limits are read once. */
export const readSearchQueries =
  (name: string, api: GoogleApi): Readers['searchQueries'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      CALLS_AT_ONCE,
      ({ account, range, dimensions, dataState }) => JSON.stringify([account.externalId, range, dimensions, dataState]),
      async (group) => {
        const limit = Math.max(...group.map((question) => question.limit));
        const { rows, unreadable } = await readAllPages(name, api, accessToken, group[0], limit);
        return answerAll(group, (question) => ({ rows: rows.slice(0, question.limit), unreadable }));
      },
    );
