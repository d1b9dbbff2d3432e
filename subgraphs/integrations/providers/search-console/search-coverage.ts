import { z } from 'zod';
import { answerEach } from '#integrations/providers/answer-groups.js';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import type { Readers } from '#integrations/providers/products.js';

const CALLS_AT_ONCE = 8;

const answer = z.object({
  rows: z.array(z.object({ keys: z.tuple([z.string()]) })).default([]),
  metadata: z
    .object({ firstIncompleteDate: z.string().optional(), first_incomplete_date: z.string().optional() })
    .default({}),
});

/**
 * Reads how far a site's results are reported: one call per site. The first incomplete day is named for
 * `dataState: all` by date only. https://developers.google.com/webmaster-tools/v1/searchanalytics/query
 */
export const readSearchCoverage =
  (api: GoogleApi): Readers['searchCoverage'] =>
  (accessToken, questions) =>
    answerEach(questions, CALLS_AT_ONCE, async ({ account, range }) => {
      const path = `/webmasters/v3/sites/${encodeURIComponent(account.externalId)}/searchAnalytics/query`;
      const { rows, metadata } = await api.post(
        accessToken,
        path,
        { startDate: range.start, endDate: range.end, dimensions: ['date'], type: 'web', dataState: 'all' },
        answer,
      );
      const days = rows.map(({ keys: [day] }) => day).sort();
      return {
        lastDay: days.at(-1) ?? null,
        // The guide has one spelling, the discovery document the other.
        firstIncompleteDay: metadata.firstIncompleteDate ?? metadata.first_incomplete_date ?? null,
      };
    });
