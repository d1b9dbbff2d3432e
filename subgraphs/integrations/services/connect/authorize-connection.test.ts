import { expect, it } from '@jest/globals';
import { challengeOf } from './authorize-connection.js';

// The example of RFC 7636, appendix B.
it('challengeOf returns the S256 challenge of a PKCE verifier', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});
