import type { FigureFacts } from '#integrations/providers/figure-facts.js';

/**
 * https://support.google.com/google-ads/answer/3123169 (windows), …/answer/6259715 (models), …/answer/6270625 (conversions
 * count on the day of the click).
 */
export const figureFacts: FigureFacts = {
  timeZone: null,
  attribution: { model: 'data-driven', clickDays: 30, viewDays: 1, countedOn: 'the day of the interaction' },
  conversion: 'counts the primary actions of its goals, in fractions where several interactions led to one',
  screenOf: ({ externalId }) => `https://ads.google.com/aw/campaigns?__e=${encodeURIComponent(externalId)}`,
};
