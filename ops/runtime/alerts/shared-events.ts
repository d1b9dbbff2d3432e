import type { EventGroups, Notice } from '#runtime/alert.js';
import type { AtomicStore, AtomicValue } from '#runtime/cache/atomic-store.js';
import { GROUP_WINDOW_MS } from './alert-groups.js';

/** What processes of an installation know together of an event. Times as ISO 8601. */
interface SharedEvent {
  notifiedAt: string;
  /** Since it was reported. */
  count: number;
  firstAt: string;
  lastAt: string;
}

type Update = AtomicStore['update'];

const TTL_MS = 4 * GROUP_WINDOW_MS;
const earlier = (one: Date, other: string) => new Date(Math.min(one.getTime(), new Date(other).getTime()));
const later = (one: Date, other: string) => new Date(Math.max(one.getTime(), new Date(other).getTime()));

/** Returns a notice with the repeats that other processes have left to be reported. */
function withRepeats(notice: Notice, { count, firstAt, lastAt }: SharedEvent): Notice {
  if (count === 0) return notice;
  if (notice.count === 0) return { ...notice, count, firstAt: new Date(firstAt), lastAt: new Date(lastAt) };
  return {
    ...notice,
    count: notice.count + count,
    firstAt: earlier(notice.firstAt, firstAt),
    lastAt: later(notice.lastAt, lastAt),
  };
}

/** Groups the events of all processes: of one problem, one notice within 15 minutes. */
export class SharedEvents implements EventGroups {
  readonly #update: Update;
  readonly #now: () => number;

  constructor(update: Update, now: () => number = Date.now) {
    this.#update = update;
    this.#now = now;
  }

  /**
   * Returns what is to be reported now: the notice, with what others have left to be reported; undefined = another process has reported the problem
   * within the window, and this is reported with the next. `retryAt` is when the window ends.
   */
  async claim(notice: Notice): Promise<{ due: Notice | undefined; retryAt: number }> {
    let due: Notice | undefined;
    let retryAt = 0;
    const { category, key } = notice.alert;
    const change = (known: SharedEvent | undefined): AtomicValue<SharedEvent> | undefined => {
      const now = this.#now();
      due = undefined;
      const windowEnd = known ? new Date(known.notifiedAt).getTime() + GROUP_WINDOW_MS : 0;
      retryAt = windowEnd;
      if (known && now < windowEnd) {
        if (notice.count === 0) return undefined;
        const { count, firstAt, lastAt } = withRepeats(notice, known);
        return {
          value: { ...known, count, firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString() },
          ttlMs: TTL_MS,
        };
      }
      const whole = known ? withRepeats(notice, known) : notice;
      if (whole.count === 0) return undefined;
      due = whole;
      retryAt = now + GROUP_WINDOW_MS;
      const at = new Date(now).toISOString();
      return { value: { notifiedAt: at, count: 0, firstAt: at, lastAt: at }, ttlMs: TTL_MS };
    };
    await this.#update<SharedEvent>(`event ${category}:${key}`, change);
    return { due, retryAt };
  }
}
