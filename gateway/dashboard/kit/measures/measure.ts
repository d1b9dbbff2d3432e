import type { Formats } from '#dashboard/kit/figures.ts';
import type { Messages } from '#dashboard/text/en/index.ts';

interface Money {
  amount: string;
  currency: string;
}

/** A figure as the API has it; null is unknown. */
export type Figure = number | Money | null | undefined;

/** Figures by the name of their measure, of whatever type of the API. */
export type Figures = object;

/** A row or a sum with its comparison; without figures where they are unknown. */
export interface Measured {
  metrics?: Figures | null;
  previous?: Figures | null;
  change?: Figures | null;
}

/** Something that is measured, and how its figures are read. */
export interface Measure {
  /** Its field in the API's metrics and changes, and its name in `measures` of the texts. */
  key: keyof Messages['measures'];
  unit: 'count' | 'money' | 'ratio' | 'multiple' | 'duration';
  /** Whether more is better; undefined = neither, as of cost. */
  isMoreBetter?: boolean;
}

/** Returns the figure of a measure. */
export const figureOf = (figures: Figures | null | undefined, { key }: Measure) =>
  (figures as Record<string, Figure> | null | undefined)?.[key];

/** Returns a figure as a number; null is unknown. */
export function numberOf(figures: Figures | null | undefined, measure: Measure): number | null {
  const figure = figureOf(figures, measure);
  if (figure === null || figure === undefined) return null;
  return typeof figure === 'number' ? figure : Number(figure.amount);
}

/** Returns the change of a measure in percent. */
export const percentOf = (change: Figures | null | undefined, { key }: Measure) =>
  (change as Record<string, { percent?: number | null } | null> | null | undefined)?.[key]?.percent;

/** Returns what the API calls a measure where it orders or explains: `CONVERSION_VALUE`. */
export const metricOf = ({ key }: Measure) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** Returns the measure with a key, by default the first. */
export function measureOf(measures: readonly Measure[], key: string): Measure {
  const measure = measures.find((each) => each.key === key) ?? measures[0];
  if (!measure) throw new RangeError('There are no measures.');
  return measure;
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Returns a figure in words: exactly, or short as on a tile. Durations are minutes and seconds. */
export function formatFigure({ unit }: Measure, figure: Figure, formats: Formats, isShort = false): string {
  if (figure === null || figure === undefined) return formats.count(null);
  if (typeof figure !== 'number') return formats.money(figure, isShort);
  if (unit === 'ratio') return formats.ratio(figure);
  if (unit === 'multiple') return formats.multiple(figure);
  if (unit === 'duration') return minutes(figure);
  return formats.count(figure, isShort);
}
