import { decodeJwt } from 'jose';
import { wasIssued } from '#runtime/identity/issued-token.js';
import {
  DEVICE_AUDIENCE,
  PERSONAL_DATA_AUDIENCE,
  RECONNECT_AUDIENCE,
  REPORT_DOWNLOAD_AUDIENCE,
  TWO_FACTOR_CHALLENGE_AUDIENCE,
} from '#runtime/identity/token-audiences.js';
import type { BaseServices } from '#runtime/services.js';

/** Whether a text is a token that WebMetrics issued, decided without a request to a subgraph; it may be used up. */
export type RecognizeToken = (text: string) => Promise<boolean>;

const INTERNAL = new Set([
  ...[REPORT_DOWNLOAD_AUDIENCE, PERSONAL_DATA_AUDIENCE],
  ...[RECONNECT_AUDIENCE, TWO_FACTOR_CHALLENGE_AUDIENCE],
]);

function audienceOf(token: string): unknown {
  try {
    return decodeJwt(token).aud;
  } catch {
    return undefined;
  }
}

/** Returns the recognition of tokens of devices, refresh tokens, mailed links, consents and downloads. */
export function createRecognizeToken({
  accessTokenSigner,
  internalSigner,
  secrets,
}: Pick<BaseServices, 'accessTokenSigner' | 'internalSigner' | 'secrets'>): RecognizeToken {
  return async (text) => {
    if (!text.includes('.')) return wasIssued(secrets.keysOf, text);
    const audience = audienceOf(text);
    const signer = audience === DEVICE_AUDIENCE ? accessTokenSigner : internalSigner;
    if (typeof audience !== 'string' || (signer === internalSigner && !INTERNAL.has(audience))) return false;
    return signer.verifyClaims(text, audience).then(
      () => true,
      () => false,
    );
  };
}
