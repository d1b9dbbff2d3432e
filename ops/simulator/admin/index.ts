import { ZodError, z } from 'zod';
import { faultSchema } from '#simulator/faults.js';
import type { GrantingProvider } from '#simulator/oauth/grants.js';
import { people } from '#simulator/oauth/people.js';
import { settingsSchema } from '#simulator/settings.js';
import { rollSecret } from '#simulator/stripe/webhooks/deliveries.js';
import type { WireAnswer } from '#simulator/wire.js';
import { seedHandlers, seedRates, seedX } from './seed-truth.js';
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
  'GET /stripe/webhooks': ({ world }) => world.stripe.deliveries.list(),
  'POST /stripe/webhooks': releaseWebhooks,
  'POST /stripe/webhooks/secret': rollWebhookSecret,
  ...seedHandlers,
  'GET /seed/x': seedX,
  'GET /seed/ecb': seedRates,
};

/** Answers an admin request; 400 with a message for invalid input. */
export async function answerAdmin(tools: AdminTools, request: AdminRequest): Promise<WireAnswer> {
  const handler = handlers[`${request.method} ${request.path}`];
  if (!handler) return { status: 404, body: { error: 'No such admin path', paths: Object.keys(handlers) } };
  try {
    return { status: 200, body: await handler(tools, request) };
  } catch (error) {
    if (error instanceof ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof AdminInputError) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

const change = z.union([
  z.strictObject({ advanceSeconds: z.number() }),
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
]);

function changeClock({ world, save }: AdminTools, request: AdminRequest) {
  const wanted = change.parse(readJson(request));
  if ('now' in wanted) world.clock.set(new Date(wanted.now));
  else world.clock.advance(wanted.advanceSeconds);
  world.stripe.tick();
  save();
  return { now: world.clock.now().toISOString() };
}

function addFault({ faults, providers }: AdminTools, request: AdminRequest) {
  const input = readJson(request);
  const wanted = (Array.isArray(input) ? input : [input]).map((fault) => faultSchema.parse(fault));
  const ids = providers.map((provider) => provider.id);
  for (const fault of wanted) {
    if (!ids.includes(fault.provider)) throw new AdminInputError(`provider must be one of ${ids.join(', ')}`);
  }
  for (const fault of wanted) faults.add(fault);
  return { pending: faults.list() };
}

function clearFaults({ faults }: AdminTools) {
  faults.clear();
  return { pending: [] };
}

function changeSettings({ world }: AdminTools, request: AdminRequest) {
  return Object.assign(world.settings, settingsSchema.partial().parse(readJson(request)));
}

/** Delivers what is due, events that are held back included, and answers when that is done. */
async function releaseWebhooks({ world }: AdminTools) {
  world.stripe.tick();
  await world.stripe.deliveries.settled({ release: true });
  return world.stripe.deliveries.list();
}

const rolling = z.strictObject({
  endpoint: z.string(),
  /** How long the old secret signs too; at most 24 hours at Stripe. */
  overlapSeconds: z
    .int()
    .min(0)
    .max(24 * 60 * 60)
    .default(0),
});

function rollWebhookSecret({ world }: AdminTools, request: AdminRequest) {
  const { account } = world.stripe;
  const wanted = rolling.parse(readJson(request));
  if (!account.find('webhook_endpoint', wanted.endpoint)) throw new AdminInputError('There is no such endpoint');
  return { secret: rollSecret(account, { ...wanted, now: Math.floor(world.clock.nowMs() / 1000) }) };
}

const granting: readonly GrantingProvider[] = ['google', 'meta', 'linkedin', 'x'];

const revocation = z.strictObject({
  person: z.enum(people.map((person) => person.id) as [string, ...string[]]).optional(),
  /** `google`, or an API of its own, such as `google-ads`. */
  provider: z
    .string()
    .transform((name) => granting.find((one) => name === one || name.startsWith(`${one}-`)))
    .refine((name) => name, `must begin with one of ${granting.join(', ')}`)
    .optional(),
});

/** Revokes consents without telling the apps. */
function revokeGrants({ world }: AdminTools, request: AdminRequest) {
  const { person, provider } = revocation.parse(readJson(request));
  return { revoked: world.grants.revokeMatching({ person, provider }) };
}

/** An empty body counts as `{}`. */
function readJson(request: AdminRequest): unknown {
  if (request.body.trim() === '') return {};
  try {
    return JSON.parse(request.body);
  } catch {
    throw new AdminInputError('The body is not JSON');
  }
}
