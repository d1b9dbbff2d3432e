import type { AlertChannel } from '#runtime/alert.js';
import type { Config } from '#runtime/config/config.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import type { Logger } from '#runtime/log/logger.js';
import { mailChannel } from './mail-channel.js';
import { sentryChannel } from './sentry-channel.js';
import { webhookChannel } from './webhook-channel.js';

export interface ChannelsOptions {
  config: Config;
  http: HttpClient;
  logger: Logger;
}

/** Writes alerts to the log, unless that was done when they were raised. */
function consoleChannel(logger: Logger): AlertChannel {
  return {
    name: 'console',
    isLog: true,
    maxPerMinute: Number.POSITIVE_INFINITY,
    send: async ({ alert: { error, message, isLogged, isWatched: _, ...alert }, count, firstAt, status }) => {
      if (isLogged) return;
      const line = {
        err: error,
        ...alert,
        ...(count > 1 && { count, firstAt }),
        ...(status && { status }),
        alert: true,
      };
      if (status === 'resolved') logger.info(line, message);
      else logger.error(line, message);
    },
  };
}

/** Returns the configured channels to operators; the log is always one. */
export function alertChannels({ config, http, logger }: ChannelsOptions): AlertChannel[] {
  const { environment, alerts } = config;
  const channels = [consoleChannel(logger)];
  if (alerts.mailTo) channels.push(mailChannel(config, alerts.mailTo));
  if (alerts.webhookUrl) channels.push(webhookChannel(alerts.webhookUrl, http, environment));
  if (alerts.sentryDsn) channels.push(sentryChannel(alerts.sentryDsn, http, environment));
  return channels;
}
