export interface Series {
  label: string;
  /** One for each day; null = unknown, which leaves a gap. */
  values: readonly (number | null)[];
  format: (value: number, isShort?: boolean) => string;
}

export interface ChartProps {
  /** What it shows, in a sentence. */
  label: string;
  dayLabel: string;
  days: readonly string[];
  series: readonly Series[];
  formatDay: (day: string) => string;
}
