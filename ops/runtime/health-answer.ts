/** What `/health` answers, ready to be written. */
export interface HealthAnswer {
  status: 200 | 503;
  headers: Record<string, string>;
  body: string;
}

/** Returns the answer of a process that lives, or of one that `isStarting`. */
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
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
    body,
  };
}
