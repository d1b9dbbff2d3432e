import { describe, expect, it } from '@jest/globals';
import { failureReasonOf } from './failure-reason.js';

const failure = (code: string) => Object.assign(new Error('x'), { code });

describe('the reason of a failed request', () => {
  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['CERT_NOT_YET_VALID', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNREFUSED', 'connection'],
    ['ECONNRESET', 'connection'],
    ['UND_ERR_SOCKET', 'connection'],
  ])('is read from %s: %s', (code, reason) => {
    expect(failureReasonOf(failure(code))).toBe(reason);
    expect(failureReasonOf(new Error('wrapped', { cause: failure(code) }))).toBe(reason);
  });

  it('is the connection when nothing is known, also with circular causes', () => {
    const one: Error = new Error('one');
    one.cause = new Error('two', { cause: one });
    expect([failureReasonOf(one), failureReasonOf('text'), failureReasonOf(undefined)]).toEqual([
      'connection',
      'connection',
      'connection',
    ]);
  });
});
