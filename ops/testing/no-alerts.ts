import type { Alerts } from '#runtime/alert.js';

/** Alerts nobody hears of. */
export const noAlerts: Alerts = { raise: () => {}, close: async () => {} };
