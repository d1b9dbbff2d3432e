import { createHash } from 'node:crypto';
import type { AuthorizationCode } from '#simulator/oauth/grants.js';

/** RFC 7636 §4.1. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Returns Google's message about a wrong code_verifier, else null (RFC 7636). */
export function findVerifierProblem(
  challenge: AuthorizationCode['challenge'],
  verifier: string | null,
  form = VERIFIER,
): string | null {
  if (!challenge) return verifier === null ? null : 'code_verifier or verifier is not needed.';
  if (!verifier) return 'Missing code verifier.';
  const proof = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return form.test(verifier) && proof === challenge.value ? null : 'Invalid code verifier.';
}

/** Returns an authorize request's challenge; `invalid` when malformed. */
export function readChallenge(parameters: URLSearchParams): AuthorizationCode['challenge'] | 'invalid' {
  const value = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method') ?? 'plain';
  if (value === null) return parameters.has('code_challenge_method') ? 'invalid' : null;
  if (method !== 'S256' && method !== 'plain') return 'invalid';
  return VERIFIER.test(value) ? { method, value } : 'invalid';
}
