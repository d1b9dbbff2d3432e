import type { FastifyInstance } from 'fastify';

/** Returns the challenge of a 401, with `parameters` such as `resource_metadata="…"` (RFC 6750, section 3). */
export function bearerChallenge(authorization: string | undefined, ...parameters: string[]): string {
  const reason = authorization ? ['error="invalid_token"'] : [];
  return `Bearer ${['realm="WebMetrics"', ...parameters, ...reason].join(', ')}`;
}

/** Adds the challenge that RFC 9110, section 11.6.1, requires of a 401. */
export function challengeUnauthenticated(app: FastifyInstance): void {
  app.addHook('onSend', async ({ headers: { authorization } }, reply) => {
    if (reply.statusCode !== 401 || reply.hasHeader('www-authenticate')) return;
    void reply.header('www-authenticate', bearerChallenge(authorization));
  });
}
