import type { FigureFacts } from '#integrations/providers/figure-facts.js';

/** https://www.linkedin.com/help/lms/answer/a425606: 30 days after a click, seven after a view. */
export const figureFacts: FigureFacts = {
  timeZone: 'UTC',
  attribution: { model: 'last touch', clickDays: 30, viewDays: 7, countedOn: 'the day of the conversion' },
  conversion: 'counts conversions on the website, after clicks and after views',
  screenOf: ({ externalId }) =>
    `https://www.linkedin.com/campaignmanager/accounts/${encodeURIComponent(externalId)}/campaigns`,
};
