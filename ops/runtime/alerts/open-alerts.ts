import type { Alert, AlertChannel, Alerts, Notice, Notices } from '#runtime/alert.js';
import type { Logger } from '#runtime/log/logger.js';
import { observeAlert } from '#runtime/telemetry/observe-alerts.js';
import { AlertGroups, GROUP_WINDOW_MS } from './alert-groups.js';
import { ChannelSender } from './channel-sender.js';

export interface AlertsOptions {
  logger: Logger;
  channels: AlertChannel[];
  now?: () => number;
}

const CLOSE_TIMEOUT_MS = 5_000;

/** Sends alerts over these channels: the first of a problem at once, its repeats within 15 minutes as one with their number. */
export function openAlerts({ logger, channels, now = Date.now }: AlertsOptions): Alerts & Notices {
  const groups = new AlertGroups();
  const senders = channels.map((channel) => new ChannelSender(channel, logger));
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isWatching = false;

  const send = (notice: Notice) => {
    const isLogOnly = isWatching && !notice.status && notice.alert.isWatched;
    for (const sender of senders) if (sender.isLog || !isLogOnly) sender.send(notice, now());
  };

  function tell(notice: Notice): void {
    observeAlert(notice.alert.category);
    send(notice);
    schedule();
  }

  const beginWatch = () => {
    isWatching = true;
  };

  function schedule(): void {
    clearTimeout(timer);
    const ends = [groups.nextEnd(), ...senders.map((sender) => sender.nextEnd())].filter((end) => end !== undefined);
    if (ends.length === 0 || isClosed) return;
    // At most a window, as the clock may have been set back.
    timer = setTimeout(wake, Math.min(Math.max(0, Math.min(...ends) - now()), GROUP_WINDOW_MS));
    // Must not keep the process alive: `close` sends what is left.
    timer.unref();
  }

  function wake(): void {
    for (const sender of senders) sender.reportHeld(now());
    for (const notice of groups.takeEnded(now())) send(notice);
    schedule();
  }

  function raise(alert: Alert): void {
    try {
      observeAlert(alert.category);
      const notice = groups.add(alert, now());
      // A repeat is sent when its window ends: a timer is set already.
      if (!notice) return;
      send(notice);
      schedule();
    } catch (error) {
      logger.warn({ err: error }, 'Raising an alert failed');
    }
  }

  async function close(): Promise<void> {
    isClosed = true;
    clearTimeout(timer);
    for (const notice of groups.takeAll()) send(notice);
    for (const sender of senders) sender.reportHeld(now(), true);
    let deadline: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([Promise.all(senders.map((sender) => sender.settled())), timeout]);
    clearTimeout(deadline);
    for (const channel of channels) await channel.close?.();
  }

  return { raise, close, tell, beginWatch };
}
