/** One line of a terminal that is written over; nothing where output goes elsewhere. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

const CLEAR = '\r\u001b[2K';

/** Returns the progress line of an output. */
export function progressLine(output: { isTTY?: boolean; write(text: string): unknown }): ProgressLine {
  const write = (text: string) => {
    if (output.isTTY) output.write(text);
  };
  return { show: (text) => write(`${CLEAR}${text}`), clear: () => write(CLEAR) };
}
