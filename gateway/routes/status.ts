import type { FastifyInstance } from 'fastify';
import type { Operators } from '#gateway/identity/operator.js';
import { Forbidden } from '#runtime/errors.js';
import type { InstallationReporter } from './installation-report.js';

/** `GET /api/status`: a summary for anyone, the whole report for operators. Invalid credentials get 401. */
export function statusRoute(app: FastifyInstance, reporter: InstallationReporter, operators: Operators): void {
  const isOperator = async (authorization: string | undefined, requestId: string) => {
    if (!authorization) return false;
    try {
      await operators.require(authorization, requestId);
      return true;
    } catch (error) {
      if (error instanceof Forbidden) return false;
      throw error;
    }
  };
  app.get('/api/status', async (request, reply) => {
    const isFull = await isOperator(request.headers.authorization, request.id);
    return reply
      .header('cache-control', 'no-store')
      .send(isFull ? await reporter.forOperators() : reporter.forAnyone());
  });
}
