import { withTimeout } from 'es-toolkit/promise';
import { Gauge } from 'prom-client';
import { registry } from './registry.js';

/** A scraper waits ten seconds by default. */
const READ_TIMEOUT_MS = 4_000;

/** Figures of the installation that a process can read while it has what they are read from. */
export class FigureSource<Figures> {
  #read: (() => Promise<Figures>) | undefined;
  #reading: Promise<Figures | undefined> | undefined;

  /** Reads with `reader` from now on; undefined = no longer. */
  watch(reader: (() => Promise<Figures>) | undefined): void {
    this.#read = reader;
  }

  /**
   * Returns the figures, read once for concurrent callers; undefined while they cannot be read, within four seconds: no value is not the
   * same as 0.
   */
  read(): Promise<Figures | undefined> {
    this.#reading ??= withTimeout(async () => this.#read?.(), READ_TIMEOUT_MS)
      .catch(() => undefined)
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

/** A value, with its labels where the gauge has some. */
export interface Sample {
  labels?: Record<string, string>;
  /** null or undefined = there is none. */
  value: number | null | undefined;
}

interface FigureGaugeOptions<Figures> {
  name: string;
  help: string;
  labelNames?: string[];
  /** Of several gateway processes, which all read the same. */
  aggregator?: 'max' | 'min';
  samples(figures: Figures): Sample[];
}

/** Adds a gauge of such figures, read on each scrape; without a value while they cannot be read. */
export function figureGauge<Figures>(source: FigureSource<Figures>, options: FigureGaugeOptions<Figures>): void {
  const { name, help, labelNames = [], aggregator = 'max', samples } = options;
  new Gauge({
    name,
    help,
    labelNames,
    aggregator,
    registers: [registry],
    async collect() {
      const figures = await source.read();
      this.reset();
      // A gauge without labels is reset to 0.
      if (labelNames.length === 0) this.remove();
      for (const { labels = {}, value } of figures === undefined ? [] : samples(figures)) {
        if (typeof value === 'number') this.set(labels, value);
      }
    },
  });
}

/** Returns an instant in seconds since 1970, as Prometheus counts; null or undefined stay. */
export const secondsOf = (at: Date | null | undefined): number | null | undefined => at && at.getTime() / 1_000;

/** Returns how many seconds ago something was, at least 0; 0 when there is none. */
export const ageOf = (since: Date | null | undefined): number =>
  since ? Math.max(0, (Date.now() - since.getTime()) / 1_000) : 0;
