import type { FigureFacts } from '#integrations/providers/figure-facts.js';

/** https://docs.x.com/x-api/fundamentals/metrics: public metrics of all time, private ones of posts of the last 30 days. */
export const figureFacts: FigureFacts = {
  timeZone: 'UTC',
  notes: [
    {
      code: 'COUNTED_TO_DATE',
      text: 'reports figures of posts to date: those here are of the posts of these days, while its screen counts what happened on these days, to whichever post',
    },
    {
      code: 'REPORTED_FOR_LIMITED_TIME',
      text: 'reports clicks for 30 days after a post: those of older posts are as last read before, or missing',
      metrics: ['LINK_CLICKS', 'PROFILE_CLICKS'],
      values: { days: 30 },
    },
  ],
  // It shows the account that is signed in.
  screenOf: () => 'https://x.com/i/account_analytics',
};
