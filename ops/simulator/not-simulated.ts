import type { WireAnswer } from './wire.js';

/**
 * A call that the simulator cannot answer although the provider may: thrown by handlers, and never worded as the provider
 * would, so that no one takes it for the provider's refusal.
 */
export class NotSimulated extends Error {
  /** `what` completes the sentence "Not simulated: …". */
  constructor(what: string) {
    super(`Not simulated: ${what}. The provider may accept it; ops/simulator/README.md says what is simulated.`);
    this.name = 'NotSimulated';
  }

  answer(): WireAnswer {
    return { status: 501, body: { simulator: this.message } };
  }
}
