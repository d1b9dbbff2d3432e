import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AlertChannel, Alerts, Notice } from '#runtime/alert.js';
import { createLogger } from '#runtime/log/logger.js';
import { GROUP_WINDOW_MS } from './alert-groups.js';
import { openAlerts } from './open-alerts.js';

const MINUTE_MS = 60_000;
const logger = createLogger({ level: 'silent', isPretty: false });

describe('alerts', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  interface Seen extends AlertChannel {
    notices: Notice[];
  }

  function channel(overrides: Partial<AlertChannel> = {}): Seen {
    const notices: Notice[] = [];
    return { name: 'test', maxPerMinute: 3, notices, send: async (notice) => void notices.push(notice), ...overrides };
  }

  const open = (...channels: AlertChannel[]): Alerts => openAlerts({ logger, channels });
  const raise = (alerts: Alerts, key: string) =>
    alerts.raise({ category: 'job', key, runbook: 'jobs-given-up', message: `About ${key}` });
  const sent = ({ notices }: Seen) => notices.map(({ alert, count }) => `${alert.key} ${count}`);

  it('go out at once, and their repeats once the window ends', async () => {
    const mail = channel();
    const alerts = open(mail);
    raise(alerts, 'a');
    raise(alerts, 'a');
    raise(alerts, 'a');
    await jest.advanceTimersByTimeAsync(0);
    expect(sent(mail)).toEqual(['a 1']);
    await jest.advanceTimersByTimeAsync(GROUP_WINDOW_MS - 1);
    expect(sent(mail)).toEqual(['a 1']);
    await jest.advanceTimersByTimeAsync(1);
    expect(sent(mail)).toEqual(['a 1', 'a 2']);
    await jest.advanceTimersByTimeAsync(5 * GROUP_WINDOW_MS);
    expect(sent(mail)).toEqual(['a 1', 'a 2']);
  });

  it('of a storm are few on each channel, with one notice for the rest', async () => {
    const mail = channel();
    const log = channel({ maxPerMinute: Number.POSITIVE_INFINITY });
    const alerts = open(mail, log);
    for (let number = 1; number <= 50; number += 1) raise(alerts, `${number}`);
    await jest.advanceTimersByTimeAsync(0);
    expect(sent(mail)).toEqual(['1 1', '2 1', '3 1']);
    expect(log.notices).toHaveLength(50);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(sent(mail)).toEqual(['1 1', '2 1', '3 1', 'more-alerts 47']);
    expect(mail.notices[3]?.alert.message).toContain('47 more alerts');
    raise(alerts, 'later');
    await jest.advanceTimersByTimeAsync(0);
    expect(sent(mail).at(-1)).toBe('later 1');
    expect(log.notices).toHaveLength(51);
  });

  it.each([
    ['an hour', 60 * MINUTE_MS],
    // More than a timer can hold.
    ['a year', 365 * 24 * 60 * MINUTE_MS],
  ])('go out also when the clock is set back by %s', async (_time, backMs) => {
    const mail = channel();
    const alerts = open(mail);
    for (const key of ['a', 'b', 'c', 'd']) raise(alerts, key);
    await jest.advanceTimersByTimeAsync(0);
    expect(sent(mail)).toEqual(['a 1', 'b 1', 'c 1']);
    jest.setSystemTime(Date.now() - backMs);
    raise(alerts, 'a');
    raise(alerts, 'e');
    await jest.advanceTimersByTimeAsync(0);
    expect(sent(mail).slice(3).sort()).toEqual(['a 1', 'e 1', 'more-alerts 1']);
    raise(alerts, 'b');
    jest.setSystemTime(Date.now() - backMs);
    await jest.advanceTimersByTimeAsync(GROUP_WINDOW_MS);
    expect(jest.getTimerCount()).toBeLessThanOrEqual(1);
    raise(alerts, 'b');
    await jest.advanceTimersByTimeAsync(GROUP_WINDOW_MS);
    expect(sent(mail).filter((one) => one.startsWith('b')).length).toBeGreaterThan(1);
  });

  it('never throw at their caller, or make it wait', async () => {
    const broken = channel({
      send: () => {
        throw new Error('broken');
      },
    });
    const hanging = channel({ send: () => new Promise<void>(() => {}) });
    const mail = channel();
    const alerts = open(broken, hanging, mail);
    raise(alerts, 'a');
    alerts.raise(undefined as never);
    raise(alerts, 'b');
    await jest.advanceTimersByTimeAsync(0);
    expect(sent(mail)).toEqual(['a 1', 'b 1']);
  });

  it('that are still counted are sent on close', async () => {
    const mail = channel();
    const alerts = open(mail);
    for (const key of ['a', 'a', 'a', 'b', 'c', 'd', 'e']) raise(alerts, key);
    await alerts.close();
    expect(sent(mail)).toEqual(['a 1', 'b 1', 'c 1', 'more-alerts 3']);
  });

  it('hold up a close for five seconds and no longer', async () => {
    const isClosed = jest.fn<() => void>();
    const hanging = channel({ send: () => new Promise<void>(() => {}), close: isClosed });
    const alerts = open(hanging);
    raise(alerts, 'a');
    const closing = alerts.close();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(isClosed).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    await closing;
    expect(isClosed).toHaveBeenCalledTimes(1);
  });

  it('keep no process alive', () => {
    jest.useRealTimers();
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    raise(open(channel()), 'a');
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBe(before);
  });
});
