import type { FigureFacts } from '#integrations/providers/figure-facts.js';

/** https://support.google.com/business/answer/9918094: people count once a day and kind of screen. */
export const figureFacts: FigureFacts = {
  notes: [
    {
      code: 'ROWS_OVERLAP',
      text: 'counts a person once a day in search and once on the map, on a computer and on a telephone each: sums of days and kinds are no number of people',
      metrics: ['SEARCH_IMPRESSIONS', 'MAPS_IMPRESSIONS'],
    },
  ],
  // It has no address of one account.
  screenOf: () => 'https://business.google.com/locations',
};
