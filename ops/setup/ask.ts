import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ConfigurationError } from '#runtime/errors.js';

/** Asks a person, or whatever is piped in, one question after another. */
export interface Asker {
  /** Returns the next line, without spaces around it. Throws ConfigurationError when there is none. */
  ask(prompt: string, options?: { isHidden?: boolean }): Promise<string>;
  say(text: string): void;
  close(): void;
}

/** Passes on what readline writes, unless the answer is a secret. */
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

/** Opens a conversation. On a terminal lines can be edited, and hidden answers are not shown. */
export function openAsker(input: NodeJS.ReadableStream & { isTTY?: boolean }, output: NodeJS.WritableStream): Asker {
  const echo = new Echo(output);
  const isTerminal = input.isTTY === true;
  const lines = createInterface({ input, output: isTerminal ? echo : undefined, terminal: isTerminal });
  // Kept until they are asked for: a pipe delivers all of its lines at once.
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
      // What a person typed ends its own line; what was piped in, or hidden, does not.
      if (isHidden || !isTerminal) output.write('\n');
      return answer.trim();
    },
    say: (text) => void output.write(text),
    close: () => lines.close(),
  };
}
