import type { Alert, AlertChannel, Alerts, Notice } from '#runtime/alert.js';
import type { Logger } from '#runtime/log/logger.js';
import { AlertGroups, GROUP_WINDOW_MS } from './alert-groups.js';
import { ChannelSender } from './channel-sender.js';

export interface AlertsOptions {
  logger: Logger;
  channels: AlertChannel[];
  now?: () => number;
}

const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Opens the ways to reach operators. Alerts are grouped: the first of a problem goes out at once, its repeats within 15
 * minutes as one with their number.
 */
export function openAlerts({ logger, channels, now = Date.now }: AlertsOptions): Alerts {
  const groups = new AlertGroups();
  const senders = channels.map((channel) => new ChannelSender(channel, logger));
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const tell = (notice: Notice) => {
    for (const sender of senders) sender.send(notice, now());
  };

  function schedule(): void {
    clearTimeout(timer);
    const ends = [groups.nextEnd(), ...senders.map((sender) => sender.nextEnd())].filter((end) => end !== undefined);
    if (ends.length === 0 || isClosed) return;
    // No longer than a window lasts, whatever happened to the clock: it may have been set back.
    timer = setTimeout(wake, Math.min(Math.max(0, Math.min(...ends) - now()), GROUP_WINDOW_MS));
    // Nobody waits for an alert to end a process: `close` tells what is left.
    timer.unref();
  }

  function wake(): void {
    for (const sender of senders) sender.tellHeld(now());
    for (const notice of groups.takeEnded(now())) tell(notice);
    schedule();
  }

  function raise(alert: Alert): void {
    try {
      const notice = groups.add(alert, now());
      // A repeat waits for a window whose end is awaited already.
      if (!notice) return;
      tell(notice);
      schedule();
    } catch (error) {
      logger.warn({ err: error }, 'An alert was not raised');
    }
  }

  async function close(): Promise<void> {
    isClosed = true;
    clearTimeout(timer);
    for (const notice of groups.takeAll(now())) tell(notice);
    for (const sender of senders) sender.tellHeld(now(), true);
    let deadline: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([Promise.all(senders.map((sender) => sender.settled())), timeout]);
    clearTimeout(deadline);
    for (const channel of channels) await channel.close?.();
  }

  return { raise, close };
}
