/** A response to `GET /health`. */
export interface HealthAnswer {
  status: 200 | 503;
  headers: Record<string, string>;
  body: string;
}

// The same as on every other response.
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Returns 200 `ok`, or 503 `starting` while the process `isStarting`. */
export function healthAnswer(environment: string, requestId: string, isStarting = false): HealthAnswer {
  const body = JSON.stringify({
    status: isStarting ? 'starting' : 'ok',
    timestamp: new Date().toISOString(),
    environment,
    uptime: Math.round(process.uptime() * 1000) / 1000,
  });
  return {
    status: isStarting ? 503 : 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      ...SECURITY_HEADERS,
      'x-request-id': requestId,
    },
    body,
  };
}
