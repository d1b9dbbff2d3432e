import { styleText } from 'node:util';

export type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'bold' | 'dim';

/** Colours text for a terminal; anywhere else it stays as it is. */
export type Paint = (colour: Colour, text: string) => string;

/** Returns how text for `output` is coloured. */
export function paintFor(output: { isTTY?: boolean; hasColors?(): boolean }): Paint {
  // NO_COLOR and FORCE_COLOR are looked at by hasColors.
  const isColoured = output.isTTY === true && (output.hasColors?.() ?? true);
  return (colour, text) => (isColoured ? styleText(colour, text) : text);
}
