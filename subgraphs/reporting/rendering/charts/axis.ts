/** Returns round numbers from below the smallest value to above the largest, about as many as asked for; zero is among them. */
export function ticksOf(values: number[], count: number): number[] {
  const lowest = Math.min(0, ...values);
  const highest = Math.max(0, ...values);
  if (lowest === highest) return [0, 1];
  const rough = (highest - lowest) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? 10 * power;
  const ticks: number[] = [];
  for (let index = Math.floor(lowest / step); index <= Math.ceil(highest / step - 1e-9); index++) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** Returns which of the labels along an axis are shown, so that each has its room: always the first, then every n-th. */
export function shownLabels(widths: number[], length: number): boolean[] {
  const room = length / Math.max(1, widths.length);
  const every = Math.max(1, Math.ceil((Math.max(0, ...widths) + 8) / room));
  return widths.map((_, index) => index % every === 0);
}
