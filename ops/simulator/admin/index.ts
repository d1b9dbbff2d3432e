import { ZodError, z } from 'zod';
import type { WireAnswer } from '#simulator/wire.js';
import { changeClock } from './change-clock.js';
import { addFault, clearFaults } from './change-faults.js';
import { changeSettings } from './change-settings.js';
import { revokeGrants } from './revoke-grants.js';
import { seedHandlers } from './seed-truth.js';
import { seedX } from './seed-x.js';
import { AdminInputError, type AdminRequest, type AdminTools } from './tools.js';

type AdminHandler = (tools: AdminTools, request: AdminRequest) => unknown;

const handlers: Record<string, AdminHandler> = {
  'GET /health': ({ world, providers }) => ({
    status: 'ok',
    now: world.clock.now().toISOString(),
    hosts: [...new Set(providers.flatMap((provider) => provider.hosts))],
  }),
  'GET /calls': ({ calls }, { query }) => calls.list(query.get('provider') ?? undefined),
  'DELETE /calls': ({ calls }) => {
    calls.clear();
    return { cleared: true };
  },
  'GET /faults': ({ faults }) => faults.list(),
  'POST /faults': addFault,
  'DELETE /faults': clearFaults,
  'GET /clock': ({ world }) => ({ now: world.clock.now().toISOString() }),
  'POST /clock': changeClock,
  'GET /settings': ({ world }) => world.settings,
  'POST /settings': changeSettings,
  'POST /grants/revoke': revokeGrants,
  ...seedHandlers,
  'GET /seed/x': seedX,
};

/** Answers a request of the operator or a test; mistakes get 400 and a sentence. */
export function answerAdmin(tools: AdminTools, request: AdminRequest): WireAnswer {
  const handler = handlers[`${request.method} ${request.path}`];
  if (!handler) return { status: 404, body: { error: 'No such admin path', paths: Object.keys(handlers) } };
  try {
    return { status: 200, body: handler(tools, request) };
  } catch (error) {
    if (error instanceof ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof AdminInputError) return { status: 400, body: { error: error.message } };
    throw error;
  }
}
