/** One line of a terminal that is written over; nothing where output goes elsewhere. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

const CLEAR = '\r\u001b[2K';

/** Returns the progress line of an output. Text is cut at the width of the terminal: a wrapped line cannot be cleared. */
export function progressLine(output: {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}): ProgressLine {
  const write = (text: string) => {
    if (output.isTTY) output.write(text);
  };
  return {
    show: (text) => write(`${CLEAR}${text.slice(0, (output.columns || 80) - 1)}`),
    clear: () => write(CLEAR),
  };
}
