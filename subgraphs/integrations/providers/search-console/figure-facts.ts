import type { FigureFacts } from '#integrations/providers/figure-facts.js';

/**
 * https://support.google.com/webmasters/answer/7576553 (Pacific time, position, counting by page and by site, withheld queries),
 * https://developers.google.com/webmaster-tools/v1/how-tos/all-your-data (rows that are left out).
 */
export const figureFacts: FigureFacts = {
  timeZone: 'America/Los_Angeles',
  notes: [
    {
      code: 'WITHHELD_ROWS',
      text: 'withholds queries of few people: they count in the totals, and have no row',
      dimensions: ['QUERY'],
      isOfRows: true,
    },
    {
      code: 'ROWS_OVERLAP',
      text: 'counts rows by page and totals by site: a search that shows two pages of a site counts for each of them, and once for the site',
      dimensions: ['PAGE'],
      isOfRows: true,
    },
    {
      code: 'WEIGHTED_AVERAGE',
      text: 'averages positions over impressions, the topmost of the site in each search: an average of rows is another figure',
      metrics: ['POSITION'],
      values: { weightedBy: 'impressions' },
    },
  ],
  screenOf: ({ externalId }, { start, end }) => {
    const [first, last] = [start, end].map((day) => day.replaceAll('-', ''));
    return `https://search.google.com/search-console/performance/search-analytics?resource_id=${encodeURIComponent(externalId)}&start_date=${first}&end_date=${last}`;
  },
};
