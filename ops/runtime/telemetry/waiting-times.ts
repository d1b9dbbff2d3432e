import { Histogram } from 'prom-client';
import { registry } from './registry.js';

export interface WaitingTimesOptions<Label extends string> {
  name: string;
  help: string;
  labelNames: readonly Label[];
  /** In seconds. */
  buckets: readonly number[];
}

/** What took how long, and was not counted yet. */
interface Noted<Label extends string> {
  labels: Record<Label, string>;
  seconds: number[];
}

const MAX_NOTED = 100;

/**
 * A histogram of durations that are noted when they happen, and counted when somebody reads the figures or there are many: one
 * after the other takes a tenth of the time that each takes in the middle of something else.
 */
export class WaitingTimes<Label extends string> {
  readonly #noted = new Map<string, Noted<Label>>();
  readonly #histogram: Histogram<Label>;

  constructor({ name, help, labelNames, buckets }: WaitingTimesOptions<Label>) {
    const collect = () => this.#countAll();
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [registry],
      collect,
    });
  }

  /** Counts one that took so many seconds. Whoever calls names the labels in the same order each time. */
  observe(labels: Record<Label, string>, seconds: number): void {
    let key = '';
    for (const name in labels) key += `${labels[name]}\n`;
    let noted = this.#noted.get(key);
    if (!noted) {
      noted = { labels, seconds: [] };
      this.#noted.set(key, noted);
    }
    noted.seconds.push(seconds);
    if (noted.seconds.length >= MAX_NOTED) this.#count(noted);
  }

  #count({ labels, seconds }: Noted<Label>): void {
    for (const each of seconds) this.#histogram.observe(labels, each);
    seconds.length = 0;
  }

  #countAll(): void {
    for (const noted of this.#noted.values()) this.#count(noted);
  }
}
