/** A part of a page as a line of `page-layout.js` describes it; any other line is a part without a place. */
interface Part {
  box: number[];
  style: string;
}

const LINE = /^(.+) (-?\d+) (-?\d+) (\d+) (\d+) (\S+ \S+ \S+)$/;
/** Rounding, and the hinting of letters, differ between machines. */
const MIN_TOLERANCE_PX = 4;
const TOLERANCE = 0.01;

function partsOf(lines: readonly string[]): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const line of lines) {
    const [, name = line, ...rest] = LINE.exec(line) ?? [];
    parts.set(name, { box: rest.slice(0, 4).map(Number), style: rest[4] ?? '' });
  }
  return parts;
}

const isNear = (is: number, was: number) => Math.abs(is - was) <= Math.max(MIN_TOLERANCE_PX, TOLERANCE * Math.abs(was));

/**
 * Returns how a page differs from an approved one, a line for each part: gone, new, elsewhere, of another size or look. Pixels that
 * rounding explains are no difference.
 */
export function differencesOf(lines: readonly string[], approved: readonly string[]): string[] {
  const [now, before] = [partsOf(lines), partsOf(approved)];
  const differences: string[] = [];
  for (const [name, was] of before) {
    const is = now.get(name);
    if (!is) differences.push(`gone: ${name}`);
    else if (!is.box.every((value, index) => isNear(value, was.box[index] ?? 0)))
      differences.push(`${name} is at ${is.box.join(' ')}, and was at ${was.box.join(' ')}`);
    else if (is.style !== was.style) differences.push(`${name} is ${is.style}, and was ${was.style}`);
  }
  for (const name of now.keys()) if (!before.has(name)) differences.push(`new: ${name}`);
  return differences;
}
