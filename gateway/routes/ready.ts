import type { FastifyInstance } from 'fastify';

/** Something that must work before requests are sent here; throws when it does not. */
export type ReadinessCheck = () => Promise<void>;

const TIMEOUT_MS = 2_000;

async function outcomeOf(check: ReadinessCheck): Promise<'ok' | 'failed'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'failed'>((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MS, 'failed');
  });
  const outcome = check().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  return Promise.race([outcome, timeout]).finally(() => clearTimeout(timer));
}

/** `GET /ready`: 200 when every check passes within two seconds, else 503 with the ones that do not. */
export function readyRoute(app: FastifyInstance, checks: Record<string, ReadinessCheck>): void {
  app.get('/ready', { logLevel: 'silent' }, async (_request, reply) => {
    const outcomes = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await outcomeOf(check)] as const),
    );
    const isReady = outcomes.every(([, outcome]) => outcome === 'ok');
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isReady ? 'ready' : 'not ready', checks: Object.fromEntries(outcomes) });
  });
}
