/** Why a request got no response. */
export type FailureReason = 'timeout' | 'dns' | 'tls' | 'connection' | 'too-large';

const DNS = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const TIMEOUT = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

// Node's codes, OpenSSL's of the protocol, and OpenSSL's of certificates (without `X509_V_ERR_`).
// https://nodejs.org/api/tls.html#x509-certificate-error-codes
const TLS =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$)/;

/** Returns the reason in the codes of an error and its causes; `connection` when none is known. */
export function failureReasonOf(error: unknown): Exclude<FailureReason, 'too-large'> {
  const seen = new Set<unknown>();
  for (let at = error; typeof at === 'object' && at !== null && !seen.has(at); at = (at as Error).cause) {
    seen.add(at);
    const { code } = at as { code?: unknown };
    if (typeof code !== 'string') continue;
    if (DNS.has(code)) return 'dns';
    if (TLS.test(code)) return 'tls';
    if (TIMEOUT.has(code)) return 'timeout';
  }
  return 'connection';
}
