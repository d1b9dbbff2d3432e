import type { FastifyInstance } from 'fastify';

/** `GET /health`: whether the process is alive. Touches nothing else, so that a database outage restarts no gateway. */
export function healthRoute(app: FastifyInstance, environment: string, isLoaded: () => boolean = () => true): void {
  app.get('/health', { logLevel: 'silent' }, async (_request, reply) => {
    const isAlive = isLoaded();
    return reply
      .code(isAlive ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: isAlive ? 'ok' : 'starting',
        timestamp: new Date().toISOString(),
        environment,
        uptime: Math.round(process.uptime() * 1000) / 1000,
      });
  });
}
