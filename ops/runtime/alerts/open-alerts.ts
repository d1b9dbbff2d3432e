import type { Alert, AlertChannel, Alerts, EventGroups, Notice, Notices } from '#runtime/alert.js';
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
  let events: EventGroups | undefined;
  const claims = new Set<Promise<void>>();
  const log = senders.filter(({ isLog }) => isLog);
  const others = senders.filter(({ isLog }) => !isLog);
  const sendBy = (some: ChannelSender[], notice: Notice) => {
    for (const sender of some) sender.send(notice, now());
  };

  /** Reports what all processes are to report once, and what they leave when their window ends. */
  function claim(notice: Notice, groups: EventGroups): void {
    const claiming = groups
      .claim(notice)
      .then(({ due, retryAt }) => {
        if (due) sendBy(others, due);
        else if (notice.count > 0 && !isClosed) {
          const retry = () => claim({ ...notice, count: 0 }, groups);
          setTimeout(retry, Math.min(Math.max(0, retryAt - now()), GROUP_WINDOW_MS)).unref();
        }
      })
      .catch(() => sendBy(others, notice))
      .finally(() => {
        claims.delete(claiming);
        schedule();
      });
    claims.add(claiming);
  }

  function send(notice: Notice): void {
    sendBy(log, notice);
    if (!events) sendBy(others, notice);
    else if (!notice.alert.isWatched) claim(notice, events);
  }

  function notify(notice: Notice): void {
    observeAlert(notice.alert.category);
    sendBy(senders, notice);
    schedule();
  }

  const beginWatch = (groups: EventGroups) => {
    events = groups;
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
    const settled = async () => {
      await Promise.all(claims);
      await Promise.all(senders.map((sender) => sender.settled()));
    };
    await Promise.race([settled(), timeout]);
    clearTimeout(deadline);
    for (const channel of channels) await channel.close?.();
  }

  return { raise, close, notify, beginWatch };
}
