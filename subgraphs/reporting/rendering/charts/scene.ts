/** A command of a path: absolute, y downwards. */
export type PathCommand =
  | ['M' | 'L', x: number, y: number]
  | ['C', x1: number, y1: number, x2: number, y2: number, x: number, y: number]
  | ['Z'];

/** What a chart is drawn of, whatever draws it: a page of a PDF file, or an SVG image. Lengths are points, colours `#rrggbb`. */
export type Mark =
  | { kind: 'path'; commands: PathCommand[]; fill?: string; stroke?: string; width?: number; dash?: number }
  | {
      kind: 'text';
      text: string;
      x: number;
      /** Where its letters stand. */
      y: number;
      size: number;
      anchor: 'start' | 'middle' | 'end';
      color: string;
      bold?: boolean;
    };

/** A drawn chart; `start` of its texts is always the left. */
export interface Scene {
  width: number;
  height: number;
  /** What it is and shows, in a sentence. */
  title: string;
  marks: Mark[];
}

/** Returns a path of straight lines. */
export const polyline = (points: [number, number][]): PathCommand[] =>
  points.map(([x, y], index) => [index === 0 ? 'M' : 'L', x, y]);

/** Returns the path of a rectangle. */
export const rectanglePath = (x: number, y: number, width: number, height: number): PathCommand[] => [
  ...polyline([
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]),
  ['Z'],
];

/** Returns the path of a part of a ring, between two angles in radians, clockwise from the top. */
export function ringPath(x: number, y: number, outer: number, inner: number, from: number, to: number): PathCommand[] {
  return [...arc(x, y, outer, from, to, 'M'), ...arc(x, y, inner, to, from, 'L'), ['Z']];
}

function arc(x: number, y: number, radius: number, from: number, to: number, first: 'M' | 'L'): PathCommand[] {
  const at = (angle: number): [number, number] => [x + radius * Math.sin(angle), y - radius * Math.cos(angle)];
  const commands: PathCommand[] = [[first, ...at(from)]];
  const steps = Math.max(1, Math.ceil(Math.abs(to - from) / (Math.PI / 2)));
  const step = (to - from) / steps;
  const control = (4 / 3) * Math.tan(step / 4) * radius;
  for (let index = 0; index < steps; index++) {
    const [a, b] = [from + index * step, from + (index + 1) * step];
    const [x1, y1] = at(a);
    const [x2, y2] = at(b);
    commands.push([
      'C',
      x1 + control * Math.cos(a),
      y1 + control * Math.sin(a),
      x2 - control * Math.cos(b),
      y2 - control * Math.sin(b),
      x2,
      y2,
    ]);
  }
  return commands;
}
