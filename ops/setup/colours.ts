import { styleText } from 'node:util';

export type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'bold' | 'dim';

export type Paint = (colour: Colour, text: string) => string;

/** Returns a function that colours text for a terminal and leaves it unchanged elsewhere. */
export function paintFor(output: { isTTY?: boolean; hasColors?(): boolean }): Paint {
  // hasColors honours NO_COLOR and FORCE_COLOR.
  const isColoured = output.isTTY === true && (output.hasColors?.() ?? true);
  return (colour, text) => (isColoured ? styleText(colour, text) : text);
}
