/** A query that Google would refuse; `code` is a constant of its QueryError enum. */
export class GaqlError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly trigger?: string,
  ) {
    super(message);
  }
}
