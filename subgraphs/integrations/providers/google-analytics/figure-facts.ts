import type { FigureFacts } from '#integrations/providers/figure-facts.js';

const OF_KEY_EVENTS = ['KEY_EVENTS', 'KEY_EVENT_RATE'];
const OF_SOURCES = ['CHANNEL', 'SOURCE_MEDIUM', 'CAMPAIGN'];

/**
 * https://support.google.com/analytics/answer/9383630 (thresholds), …/answer/13331292 (sampling), …/answer/13331684 (the row
 * "(other)"), …/answer/10597962 (windows), …/answer/11080067 (sources of sessions), …/answer/9267568 (key events).
 */
export const figureFacts: FigureFacts = {
  timeZone: null,
  notes: [
    {
      code: 'THRESHOLDED',
      text: 'withholds rows of few users, so that none can be recognised; its screens may show them, or withhold others',
      mark: 'isThresholded',
    },
    { code: 'SAMPLED', text: 'estimated these figures from a part of the events', mark: 'isSampled' },
    {
      code: 'OTHER_ROW',
      text: 'sums up the rows beyond a limit of its tables in one named "(other)"; other reports may name them',
      mark: 'hasOtherRow',
    },
    {
      code: 'ROWS_OVERLAP',
      text: 'counts a session for each of its events and pages: rows may add up to more than the totals',
      dimensions: ['EVENT', 'PAGE'],
      isOfRows: true,
    },
    {
      code: 'ROWS_OVERLAP',
      text: 'counts a session on each day it lasts, and once in a report of several days: sums of days have those over midnight twice',
      metrics: ['SESSIONS', 'ENGAGED_SESSIONS'],
    },
    {
      code: 'ATTRIBUTION',
      text: 'assigns what happens in a session to its last source that was not direct; reports of key events share them out by the model of the property, data-driven by default, up to 90 days back',
      metrics: [...OF_KEY_EVENTS, 'TRANSACTIONS', 'REVENUE'],
      dimensions: OF_SOURCES,
      values: { model: 'last non-direct click', countedOn: 'the day of the event' },
    },
    {
      code: 'CONVERSION_DEFINITION',
      text: 'counts the events that the property marks as key events, each time or once a session as it is set there',
      metrics: OF_KEY_EVENTS,
      values: { conversion: 'events marked as key events' },
    },
  ],
  screenOf: ({ externalId }) =>
    `https://analytics.google.com/analytics/web/#/p${encodeURIComponent(externalId)}/reports`,
};
