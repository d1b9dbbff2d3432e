import { Histogram } from 'prom-client';
import { registry } from './registry.js';

export interface BufferedHistogramOptions<Label extends string> {
  name: string;
  help: string;
  labelNames: readonly Label[];
  /** In seconds. */
  buckets: readonly number[];
}

interface Buffer<Label extends string> {
  labels: Record<Label, string>;
  seconds: number[];
}

const MAX_BUFFERED = 100;

/**
 * A histogram of durations that buffers observations until it is scraped or 100 have the same labels: observed in a row they
 * take a tenth of the processor time that each takes amid other work.
 */
export class BufferedHistogram<Label extends string> {
  readonly #buffers = new Map<string, Buffer<Label>>();
  readonly #histogram: Histogram<Label>;

  constructor({ name, help, labelNames, buckets }: BufferedHistogramOptions<Label>) {
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [registry],
      collect: () => {
        for (const buffer of this.#buffers.values()) this.#flush(buffer);
      },
    });
  }

  /** Observes a duration. Every caller must give the labels in the same order. */
  observe(labels: Record<Label, string>, seconds: number): void {
    let key = '';
    for (const name in labels) key += `${labels[name]}\n`;
    let buffer = this.#buffers.get(key);
    if (!buffer) {
      buffer = { labels, seconds: [] };
      this.#buffers.set(key, buffer);
    }
    buffer.seconds.push(seconds);
    if (buffer.seconds.length >= MAX_BUFFERED) this.#flush(buffer);
  }

  /** Removes all series with this label. */
  forget(label: Label, value: string): void {
    for (const [key, { labels }] of this.#buffers) {
      if (labels[label] !== value) continue;
      this.#buffers.delete(key);
      this.#histogram.remove(labels);
    }
  }

  #flush({ labels, seconds }: Buffer<Label>): void {
    for (const each of seconds) this.#histogram.observe(labels, each);
    seconds.length = 0;
  }
}
