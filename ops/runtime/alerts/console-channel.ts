import type { AlertChannel } from '#runtime/alert.js';
import type { Logger } from '#runtime/log/logger.js';

/** Writes every alert to the log. */
export function consoleChannel(logger: Logger): AlertChannel {
  return {
    name: 'console',
    maxPerMinute: Number.POSITIVE_INFINITY,
    send: async ({ alert: { error, message, ...alert }, count }) => {
      logger.error({ err: error, ...alert, ...(count > 1 && { count }), alert: true }, message);
    },
  };
}
