import { invalidRequest, type ParameterProblem } from './problem.js';

const MAX_IDS = 100;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads the parameters of a request and collects all problems, as X does: `check` throws them together. Until then an
 * invalid parameter reads as absent.
 */
export class Parameters {
  readonly #query: URLSearchParams;
  readonly #problems: ParameterProblem[] = [];

  constructor(query: URLSearchParams, known: readonly string[]) {
    this.#query = query;
    for (const name of new Set(query.keys())) {
      const values = query.getAll(name);
      if (!known.includes(name))
        this.#add(name, values, `The query parameter [${name}] is not one of [${known.join(',')}]`);
      else if (values.length > 1)
        this.#add(name, values, `Duplicate parameters are not allowed: the \`${name}\` query parameter`);
      else if (values[0] === '') this.#add(name, values, `The \`${name}\` query parameter can not be empty`);
    }
  }

  text(name: string): string | null {
    return this.#query.get(name) || null;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null && !this.#query.has(name))
      this.#add(name, [], `The \`${name}\` query parameter can not be empty`);
    return value ?? '';
  }

  /** Reads a comma-separated list of `known` values. */
  list(name: string, known: readonly string[]): string[] {
    const values = this.text(name)?.split(',') ?? [];
    for (const value of values) {
      if (!known.includes(value))
        this.refuse(name, `The \`${name}\` query parameter value [${value}] is not one of [${known.join(',')}]`);
    }
    return [...new Set(values)];
  }

  oneOf(name: string, known: readonly string[]): string {
    const value = this.required(name);
    if (value !== '' && !known.includes(value))
      this.refuse(name, `The \`${name}\` query parameter value [${value}] is not one of [${known.join(',')}]`);
    return value;
  }

  /** Reads 1 to 100 distinct ids or names. */
  many(name: string, pattern: RegExp): string[] {
    const text = this.required(name);
    const values = text === '' ? [] : text.split(',');
    if (values.length > MAX_IDS) {
      this.refuse(
        name,
        `The number of values in the \`${name}\` query parameter list [${values.length}] is not between 1 and ${MAX_IDS}`,
      );
    }
    for (const value of values) if (!pattern.test(value)) this.#refuseValue(name, value);
    return [...new Set(values)];
  }

  match(name: string, pattern: RegExp): string | null {
    const value = this.text(name);
    if (value !== null && !pattern.test(value)) this.#refuseValue(name, value);
    return value;
  }

  integer(name: string, range: { min: number; max: number; otherwise: number }): number {
    const text = this.text(name);
    if (text === null) return range.otherwise;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value < range.min || value > range.max) {
      this.refuse(name, `The \`${name}\` query parameter value [${text}] is not between ${range.min} and ${range.max}`);
    }
    return value;
  }

  /** Reads an RFC 3339 instant as epoch milliseconds. */
  time(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const ms = TIME.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(ms)) return ms;
    this.#refuseValue(name, text);
    return null;
  }

  refuse(name: string, message: string): void {
    this.#add(name, this.#query.getAll(name), message);
  }

  check(): void {
    if (this.#problems.length > 0) throw invalidRequest(this.#problems);
  }

  #refuseValue(name: string, value: string): void {
    this.refuse(name, `The \`${name}\` query parameter value [${value}] is not valid`);
  }

  #add(name: string, values: string[], message: string): void {
    this.#problems.push({ parameters: { [name]: values }, message });
  }
}

/** Reads a path's id. */
export function readPathId(name: string, value: string): string {
  if (ID.test(value)) return value;
  throw invalidRequest([
    { parameters: { [name]: [value] }, message: `The \`${name}\` query parameter value [${value}] is not valid` },
  ]);
}

export const ID = /^\d{1,19}$/;
export const USERNAME = /^\w{1,15}$/;
