import { addDays } from '#integrations/calendar-day.js';
import type { FigureFacts } from '#integrations/providers/figure-facts.js';

/** https://www.facebook.com/business/help/2198119873776795: seven days after a click, one after a view. */
export const figureFacts: FigureFacts = {
  timeZone: null,
  attribution: { model: 'last touch', clickDays: 7, viewDays: 1, countedOn: 'the day of the interaction' },
  conversion: 'counts purchases here, each once; its column "Results" counts what each campaign is optimized for',
  // Its last day is excluded.
  screenOf: ({ externalId }, { start, end }) =>
    `https://adsmanager.facebook.com/adsmanager/manage/campaigns?act=${encodeURIComponent(externalId)}&date=${start}_${addDays(end, 1)}`,
};
