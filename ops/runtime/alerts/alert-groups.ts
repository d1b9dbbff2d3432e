import type { Alert, Notice } from '#runtime/alert.js';
import { processIdentity } from '#runtime/process/process-identity.js';

interface Group {
  last: Alert;
  /** Not reported yet. */
  repeats: number;
  /** When the first and the last of them happened. */
  firstAt: number;
  lastAt: number;
  windowEndsAt: number;
}

export const GROUP_WINDOW_MS = 15 * 60 * 1000;

const MAX_GROUPS = 500;

/** Returns whether a window has ended, or the clock was set back since it began. */
const isOver = ({ windowEndsAt }: Group, now: number) => now >= windowEndsAt || now < windowEndsAt - GROUP_WINDOW_MS;

function repeatsOf({ last: alert, repeats: count, firstAt, lastAt }: Group): Notice {
  return { alert, count, firstAt: new Date(firstAt), lastAt: new Date(lastAt), source: processIdentity() };
}

/** Groups alerts into notices: the first of a problem at once, its repeats together when the window ends. */
export class AlertGroups {
  /** In the order in which their windows end, as all windows are equally long. */
  readonly #groups = new Map<string, Group>();

  /** Returns a notice to send now; undefined while the alert is only counted. */
  add(alert: Alert, now: number): Notice | undefined {
    const key = `${alert.category}:${alert.key}`;
    const group = this.#groups.get(key);
    if (group && !isOver(group, now)) {
      if (group.repeats === 0) group.firstAt = now;
      group.repeats += 1;
      group.lastAt = now;
      group.last = alert;
      return undefined;
    }
    this.#groups.delete(key);
    // Bounds the memory should keys keep changing: the oldest problem is then reported again sooner.
    const [oldest] = this.#groups.keys();
    if (this.#groups.size >= MAX_GROUPS && oldest !== undefined) this.#groups.delete(oldest);
    const begun: Group = { last: alert, repeats: 0, firstAt: now, lastAt: now, windowEndsAt: now + GROUP_WINDOW_MS };
    this.#groups.set(key, begun);
    const unreported = group?.repeats ?? 0;
    const firstAt = group && unreported > 0 ? Math.min(group.firstAt, now) : now;
    return repeatsOf({ ...begun, repeats: 1 + unreported, firstAt });
  }

  /** Returns the problems that were repeated in a window that has ended, and begins their next. */
  takeEnded(now: number): Notice[] {
    const notices: Notice[] = [];
    for (const [key, group] of this.#groups) {
      if (!isOver(group, now)) break;
      this.#groups.delete(key);
      if (group.repeats === 0) continue;
      notices.push(repeatsOf(group));
      this.#groups.set(key, { ...group, repeats: 0, windowEndsAt: now + GROUP_WINDOW_MS });
    }
    return notices;
  }

  /** Returns all repeats that are not reported yet, for a process that ends. */
  takeAll(): Notice[] {
    const counted = [...this.#groups.values()].filter(({ repeats }) => repeats > 0);
    this.#groups.clear();
    return counted.map(repeatsOf);
  }

  /** When the next window ends; undefined when there is none. */
  nextEnd(): number | undefined {
    const [first] = this.#groups.values();
    return first?.windowEndsAt;
  }
}
