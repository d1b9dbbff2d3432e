import type { Texts } from '#reporting/texts/texts.js';
import type { ChartData } from './chart-data.js';

/** Returns what a chart is and shows: its type, its figure with the currency, and what it is by. */
export function chartTitle({ chart, value, by, currency }: ChartData, texts: Texts): string {
  const heading = texts.heading(value);
  return texts.text(`chart.${chart.type}`, {
    value: { text: currency ? `${heading} (${currency})` : heading },
    by: { text: texts.heading(by) },
  });
}
