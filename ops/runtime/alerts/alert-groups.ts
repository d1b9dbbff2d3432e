import type { Alert, Notice } from '#runtime/alert.js';

interface Group {
  last: Alert;
  repeats: number;
  windowEndsAt: number;
}

export const GROUP_WINDOW_MS = 15 * 60 * 1000;

const MAX_GROUPS = 500;

/** Returns whether a window has ended, or the clock was set back since it began. */
const isOver = ({ windowEndsAt }: Group, now: number) => now >= windowEndsAt || now < windowEndsAt - GROUP_WINDOW_MS;

/** Groups alerts into notices: the first of a problem at once, its repeats together when the window ends. */
export class AlertGroups {
  /** In the order in which their windows end, as all windows are equally long. */
  readonly #groups = new Map<string, Group>();

  /** Returns a notice to send now; undefined while the alert is only counted. */
  add(alert: Alert, now: number): Notice | undefined {
    const key = `${alert.category}:${alert.key}`;
    const group = this.#groups.get(key);
    if (group && !isOver(group, now)) {
      group.repeats += 1;
      group.last = alert;
      return undefined;
    }
    this.#groups.delete(key);
    // Bounds the memory should keys keep changing: the oldest problem is then reported again sooner.
    const [oldest] = this.#groups.keys();
    if (this.#groups.size >= MAX_GROUPS && oldest !== undefined) this.#groups.delete(oldest);
    this.#groups.set(key, { last: alert, repeats: 0, windowEndsAt: now + GROUP_WINDOW_MS });
    return { alert, count: 1 + (group?.repeats ?? 0), at: new Date(now) };
  }

  /** Returns the problems that were repeated in a window that has ended, and begins their next. */
  takeEnded(now: number): Notice[] {
    const notices: Notice[] = [];
    for (const [key, group] of this.#groups) {
      if (!isOver(group, now)) break;
      this.#groups.delete(key);
      if (group.repeats === 0) continue;
      notices.push({ alert: group.last, count: group.repeats, at: new Date(now) });
      this.#groups.set(key, { ...group, repeats: 0, windowEndsAt: now + GROUP_WINDOW_MS });
    }
    return notices;
  }

  /** Returns all repeats that are not reported yet, for a process that ends. */
  takeAll(now: number): Notice[] {
    const counted = [...this.#groups.values()].filter(({ repeats }) => repeats > 0);
    this.#groups.clear();
    return counted.map(({ last, repeats }) => ({ alert: last, count: repeats, at: new Date(now) }));
  }

  /** When the next window ends; undefined when there is none. */
  nextEnd(): number | undefined {
    const [first] = this.#groups.values();
    return first?.windowEndsAt;
  }
}
