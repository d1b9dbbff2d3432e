import { findVerifierProblem, readChallenge } from '#simulator/google-oauth/pkce.js';
import type { AuthorizationCode } from '#simulator/oauth/grants.js';

// X's own TypeScript library makes verifiers of 171 characters, more than the 128 of RFC 7636.
const VERIFIER = /^[A-Za-z0-9._~-]{43,256}$/;

/** Returns a request's challenge, null when malformed. X accepts `s256` for S256. */
export function challengeIn(parameters: URLSearchParams): AuthorizationCode['challenge'] {
  const spelled = new URLSearchParams(parameters);
  if (parameters.get('code_challenge_method') === 's256') spelled.set('code_challenge_method', 'S256');
  const challenge = readChallenge(spelled);
  return challenge === 'invalid' ? null : challenge;
}

/** Whether a code_verifier matches the challenge. */
export const proves = (verifier: string | null, challenge: AuthorizationCode['challenge']) =>
  findVerifierProblem(challenge, verifier, VERIFIER) === null;
