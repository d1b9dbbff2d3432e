import type { WireAnswer } from '#simulator/wire.js';

/** A refusal of the token endpoints; thrown inside this folder, printed at its door. */
export class OAuthRefusal extends Error {
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

/** Returns X's words about a code, token or verifier it does not take. */
export function invalidValue(what: string): OAuthRefusal {
  return new OAuthRefusal(400, 'invalid_request', `Value passed for the ${what} was invalid.`);
}
