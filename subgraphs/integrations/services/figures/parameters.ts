/** The parameters of a statement. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Returns the placeholder of a value. One that is not used makes the statement invalid. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
