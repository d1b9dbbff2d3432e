import { createHmac } from 'node:crypto';
import { AppError } from '#runtime/errors.js';
import { isSameSecret } from '#runtime/same-secret.js';

/** How far the time of a signature may be from ours, before or after. */
const TOLERANCE_SECONDS = 300;

/** The signature of an event is missing, wrong, or too old or new: it may not be Stripe's. */
export class SignatureInvalid extends AppError {
  constructor(problem: string) {
    super(`The signature of this event is not accepted: ${problem}.`, 'SIGNATURE_INVALID');
  }
}

export interface SignedBody {
  /** As it was received. */
  body: string;
  /** The header `Stripe-Signature`: `t=<seconds>,v1=<hex>`, with a `v1` for each secret. */
  signature: string;
  /** Any of them may have signed it. */
  secrets: readonly string[];
  now: Date;
}

interface Parts {
  timestamp: string;
  signatures: string[];
}

function partsOf(signature: string): Parts {
  const entries = signature.split(',').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at), part.slice(at + 1)] as const;
  });
  const valuesOf = (name: string) => entries.filter(([key]) => key === name).map(([, value]) => value);
  const [timestamp, ...more] = valuesOf('t');
  if (timestamp === undefined || more.length > 0 || !/^\d{1,12}$/.test(timestamp)) {
    throw new SignatureInvalid('it has no time');
  }
  const signatures = valuesOf('v1').filter((value) => /^[0-9a-f]{64}$/.test(value));
  if (signatures.length === 0) throw new SignatureInvalid('it has none of the scheme v1');
  return { timestamp, signatures };
}

/**
 * Verifies the signature of an event (https://docs.stripe.com/webhooks#verify-manually) and that it was made at most five
 * minutes before or after now. Throws SignatureInvalid.
 */
export function verifySignature({ body, signature, secrets, now }: SignedBody): void {
  const { timestamp, signatures } = partsOf(signature);
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'));
  const isSigned = expected.some((right) => signatures.some((given) => isSameSecret(given, right)));
  if (!isSigned) throw new SignatureInvalid('no secret of this installation has signed this body');
  const seconds = Number(timestamp) - now.getTime() / 1000;
  if (Math.abs(seconds) <= TOLERANCE_SECONDS) return;
  throw new SignatureInvalid(
    `it was made more than ${TOLERANCE_SECONDS} seconds ${seconds > 0 ? 'after' : 'before'} the time it is here`,
  );
}
