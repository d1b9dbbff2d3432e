import { isEqual } from 'es-toolkit/predicate';
import { AppError } from '#runtime/errors.js';
import { currentScope, withScope } from '#runtime/scope/scope.js';

/** A question whose answer may be shared with equal ones. */
export interface Question<Answer> {
  /** Of all on which the answer depends, besides `variables`: who asks, and what. */
  key: string;
  variables: unknown;
  /** Aborted when the one who asks no longer waits; undefined = never. */
  signal: AbortSignal | undefined;
  /** Answers it. `signal` is aborted when no one waits any longer. */
  ask(signal: AbortSignal): Promise<Answer>;
}

interface Reader<Answer> {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

interface Flight<Answer> {
  variables: unknown;
  readers: Set<Reader<Answer>>;
  controller: AbortController;
}

/** Readers of one answer that go on in the same turn of the event loop. */
const ANSWERED_AT_ONCE = 8;

export interface InFlightOptions<Answer> {
  /** Copies an answer that has several readers, for each of them. */
  copy(answer: Answer): Answer;
  /** Called for each question that is answered by another one's work. */
  onShared?(): void;
}

/**
 * Answers equal questions that are asked at the same time once. Each reader has an answer of its own; an error is that of all. A reader
 * that no longer waits does not end the work while others do.
 */
export class InFlight<Answer> {
  readonly #flights = new Map<string, Flight<Answer>[]>();
  readonly #options: InFlightOptions<Answer>;

  constructor(options: InFlightOptions<Answer>) {
    this.#options = options;
  }

  /** How many questions are being answered. */
  get size(): number {
    return [...this.#flights.values()].flat().length;
  }

  #land(key: string, flight: Flight<Answer>): void {
    const others = this.#flights.get(key)?.filter((other) => other !== flight) ?? [];
    if (others.length > 0) this.#flights.set(key, others);
    else this.#flights.delete(key);
  }

  /** Each reader of several has a copy, made in turn: hundreds at once would block the process. */
  #answer([...readers]: Iterable<Reader<Answer>>, answer: Answer): void {
    const copy = readers.length === 1 ? (own: Answer) => own : this.#options.copy;
    const answerNext = () => {
      for (const { resolve } of readers.splice(0, ANSWERED_AT_ONCE)) resolve(copy(answer));
      if (readers.length > 0) setImmediate(answerNext);
    };
    answerNext();
  }

  #start({ key, variables, ask }: Question<Answer>): Flight<Answer> {
    const controller = new AbortController();
    const flight: Flight<Answer> = { variables, readers: new Set(), controller };
    this.#flights.set(key, [...(this.#flights.get(key) ?? []), flight]);
    withScope({ ...currentScope(), signal: controller.signal }, async () => ask(controller.signal)).then(
      (answer) => {
        this.#land(key, flight);
        this.#answer(flight.readers, answer);
      },
      (error: unknown) => {
        this.#land(key, flight);
        for (const { reject } of flight.readers) reject(error);
      },
    );
    return flight;
  }

  #join(flight: Flight<Answer>, { key, signal }: Question<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settled = () => signal?.removeEventListener('abort', leave);
      const reader: Reader<Answer> = {
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error as Error);
        },
      };
      const leave = () => {
        // The last one is rejected by the end of the work, on which no other reader may count from now on.
        if (flight.readers.size === 1) {
          this.#land(key, flight);
          flight.controller.abort(signal?.reason);
          return;
        }
        flight.readers.delete(reader);
        reject(new AppError('The client has disconnected.', 'SUBGRAPH_UNAVAILABLE', { cause: signal?.reason }));
      };
      flight.readers.add(reader);
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Answers a question, by the work for an equal one if there is any. Rejects as `ask` does. */
  share(question: Question<Answer>): Promise<Answer> {
    const { key, variables } = question;
    const known = this.#flights.get(key)?.find((flight) => isEqual(flight.variables, variables));
    if (known) this.#options.onShared?.();
    return this.#join(known ?? this.#start(question), question);
  }
}
