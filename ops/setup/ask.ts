import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ConfigurationError } from '#runtime/errors.js';

/** Prompts on a terminal or reads answers from a pipe. */
export interface Prompter {
  /** Returns the next line, trimmed. Throws ConfigurationError at the end of input. */
  ask(prompt: string, options?: { isHidden?: boolean }): Promise<string>;
  print(text: string): void;
  close(): void;
}

/** Forwards readline's echo unless the answer is a secret. */
class Echo extends Writable {
  isMuted = false;
  readonly #output: NodeJS.WritableStream;

  constructor(output: NodeJS.WritableStream) {
    super();
    this.#output = output;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (!this.isMuted) this.#output.write(chunk);
    done();
  }
}

/** Opens prompts; on a terminal, lines can be edited and hidden answers are not shown. */
export function openPrompter(
  input: NodeJS.ReadableStream & { isTTY?: boolean },
  output: NodeJS.WritableStream,
): Prompter {
  const echo = new Echo(output);
  const isTerminal = input.isTTY === true;
  const lines = createInterface({ input, output: isTerminal ? echo : undefined, terminal: isTerminal });
  // A pipe delivers all lines at once.
  const waiting: string[] = [];
  let isOver = false;
  let next: (() => void) | undefined;
  lines.on('line', (line) => {
    waiting.push(line);
    next?.();
  });
  lines.on('close', () => {
    isOver = true;
    next?.();
  });
  lines.on('SIGINT', () => lines.close());

  async function readLine(): Promise<string> {
    if (waiting.length === 0 && !isOver) {
      await new Promise<void>((resolve) => {
        next = resolve;
      });
    }
    const line = waiting.shift();
    if (line === undefined) throw new ConfigurationError('There were no more answers: nothing was changed.');
    return line;
  }

  return {
    ask: async (prompt, { isHidden = false } = {}) => {
      if (isTerminal) lines.setPrompt(prompt);
      if (isTerminal) lines.prompt();
      else output.write(prompt);
      echo.isMuted = isHidden;
      const answer = await readLine();
      echo.isMuted = false;
      // The terminal echoes the line break of visible answers only.
      if (isHidden || !isTerminal) output.write('\n');
      return answer.trim();
    },
    print: (text) => void output.write(text),
    close: () => lines.close(),
  };
}
