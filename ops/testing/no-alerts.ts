import type { Alerts } from '#runtime/alerts/alert.js';

/** Alerts nobody hears of. */
export const noAlerts: Alerts = { raise: () => {}, close: async () => {} };
