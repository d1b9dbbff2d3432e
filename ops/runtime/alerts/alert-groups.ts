import type { Alert, Notice } from '#runtime/alert.js';

interface Group {
  last: Alert;
  repeats: number;
  windowEndsAt: number;
}

/** How long repeats of a problem are counted before they are told. */
export const GROUP_WINDOW_MS = 15 * 60 * 1000;

const MAX_GROUPS = 500;

/** Also when the clock was set back since: then its end would be waited for much longer than it was to last. */
const isOver = ({ windowEndsAt }: Group, now: number) => now >= windowEndsAt || now < windowEndsAt - GROUP_WINDOW_MS;

/** Makes notices of alerts: the first of a problem at once, the ones after it together when the window ends. */
export class AlertGroups {
  /** In the order in which their windows end: all are equally long, and a new one is put last. */
  readonly #groups = new Map<string, Group>();

  /** Returns what operators are to be told now; undefined while a problem is only counted. */
  add(alert: Alert, now: number): Notice | undefined {
    const key = `${alert.category}:${alert.key}`;
    const group = this.#groups.get(key);
    if (group && !isOver(group, now)) {
      group.repeats += 1;
      group.last = alert;
      return undefined;
    }
    this.#groups.delete(key);
    // Whatever makes up ever new keys must not fill the memory: then the oldest problem is told again sooner.
    const [oldest] = this.#groups.keys();
    if (this.#groups.size >= MAX_GROUPS && oldest !== undefined) this.#groups.delete(oldest);
    this.#groups.set(key, { last: alert, repeats: 0, windowEndsAt: now + GROUP_WINDOW_MS });
    return { alert, count: 1 + (group?.repeats ?? 0), at: new Date(now) };
  }

  /** Returns the problems that happened again in a window that is over, and begins their next. */
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

  /** Returns everything that was counted and not told, for a process that ends. */
  takeAll(now: number): Notice[] {
    const counted = [...this.#groups.values()].filter(({ repeats }) => repeats > 0);
    this.#groups.clear();
    return counted.map(({ last, repeats }) => ({ alert: last, count: repeats, at: new Date(now) }));
  }

  /** When the next window ends; undefined = there is none. */
  nextEnd(): number | undefined {
    const [first] = this.#groups.values();
    return first?.windowEndsAt;
  }
}
