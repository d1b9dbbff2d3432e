import type { WireAnswer } from '#simulator/wire.js';

/** A token endpoint's error answer, thrown by handlers. */
export class OAuthError extends Error {
  readonly #status: number;
  readonly #code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.#status = status;
    this.#code = code;
  }

  answer(): WireAnswer {
    return {
      status: this.#status,
      headers: { 'cache-control': 'no-store' },
      body: { error: this.#code, error_description: this.message },
    };
  }
}

/** Returns the error for an invalid code, token or verifier. */
export function invalidValue(what: string): OAuthError {
  return new OAuthError(400, 'invalid_request', `Value passed for the ${what} was invalid.`);
}
