import { setTimeout as sleep } from 'node:timers/promises';
import { NotSimulated } from '#simulator/not-simulated.js';
import { findBearer, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import { API_VERSION, type StripeAccount } from './account.js';
import { runDue } from './due.js';
import { reportExchange } from './exchanges.js';
import { expanded } from './expand.js';
import { randomText } from './objects.js';
import type { Operation } from './operation.js';
import { findOperation } from './operations.js';
import { type RawFields, readForm, readJson } from './wire/read-form.js';
import { RequestRate } from './wire/request-rate.js';
import { array, readFields, text } from './wire/rules.js';
import { invalidRequest, rateLimited, StripeError } from './wire/stripe-error.js';
import { isOfStripe } from './wire/stripe-resources.js';

/** The only key there is. */
export const SECRET_KEY = 'sk_test_webmetricssimulator';

const rates = new WeakMap<StripeAccount, RequestRate>();

/** Answers a call of api.stripe.com. */
export async function answerApi(request: WireRequest, account: StripeAccount): Promise<WireAnswer> {
  const requestId = `req_${randomText(14)}`;
  const answer = await answerOrRefuse(request, account, requestId);
  reportExchange(request, answer);
  const key = idempotencyKeyOf(request);
  return {
    ...answer,
    headers: {
      'request-id': requestId,
      'stripe-version': API_VERSION,
      'cache-control': 'no-cache, no-store',
      ...(key !== undefined && { 'idempotency-key': key }),
      ...answer.headers,
    },
  };
}

async function answerOrRefuse(request: WireRequest, account: StripeAccount, requestId: string): Promise<WireAnswer> {
  try {
    authenticate(request);
    account.base = request.base;
    const rate = rates.get(account) ?? new RequestRate();
    rates.set(account, rate);
    if (rate.isExceeded(account.settings.stripeRequestsPerSecond, account.now())) throw rateLimited();
    checkVersion(request);
    const match = findOperation(request.method, request.path);
    if (!match || request.path.endsWith('/search')) throw unknownAddress(request);
    return await perform({ request, account, requestId, ...match });
  } catch (error) {
    if (error instanceof StripeError) return refusal(error, requestId, request);
    throw error;
  }
}

interface Work {
  request: WireRequest;
  account: StripeAccount;
  requestId: string;
  operation: Operation;
  ids: readonly string[];
}

/** Repeats the answer of a known key; else reads the parameters, works, and keeps the answer. */
async function perform(work: Work): Promise<WireAnswer> {
  const { request, account, requestId } = work;
  const raw = readParameters(request);
  const key = idempotencyKeyOf(request);
  if (key === undefined) return execute(work, raw);
  const asked = { endpoint: request.path, parameters: JSON.stringify(raw), now: account.now(), requestId };
  const kept = account.keys.find(key, asked);
  if (kept) return kept;
  // Parameters that cannot be read begin no work: their refusal is not kept.
  readAll(work.operation, raw);
  account.keys.begin(key, asked);
  let answer: WireAnswer | undefined;
  try {
    answer = executeOrRefuse(work, raw);
    if (account.settings.stripeWriteMs > 0) await sleep(account.settings.stripeWriteMs, undefined, { ref: false });
    return answer;
  } finally {
    account.keys.finish(key, answer && { status: answer.status, body: answer.body });
  }
}

function executeOrRefuse(work: Work, raw: RawFields): WireAnswer {
  try {
    return execute(work, raw);
  } catch (error) {
    if (error instanceof StripeError) return refusal(error, work.requestId, work.request);
    throw error;
  }
}

function execute({ request, account, requestId, operation, ids }: Work, raw: RawFields): WireAnswer {
  const { expand, params } = readAll(operation, raw);
  runDue(account);
  if (request.method !== 'GET') account.isTouched = true;
  account.cause = { id: requestId, idempotency_key: idempotencyKeyOf(request) ?? null };
  try {
    const made = operation.handle({ account, params, id: ids[0] ?? '', ids, path: request.path });
    return { status: 200, body: expanded(account, made, expand) };
  } finally {
    account.cause = { id: null, idempotency_key: null };
  }
}

function readAll(operation: Operation, raw: RawFields) {
  const { expand, ...rest } = raw;
  return {
    params: readFields(operation.parameters, rest, { notSimulated: operation.notSimulated }),
    expand: expand === undefined ? [] : array(text()).read(expand, 'expand'),
  };
}

function readParameters(request: WireRequest): RawFields {
  const type = request.headers['content-type'];
  if (request.method === 'GET' || request.body === '') return readForm(request.query);
  if (isOfSecondVersion(request)) return readJson(request.body);
  if (type !== undefined && !/^application\/x-www-form-urlencoded\b/i.test(type))
    throw invalidRequest(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
    );
  return readForm(new URLSearchParams([...request.query, ...new URLSearchParams(request.body)]));
}

function idempotencyKeyOf(request: WireRequest): string | undefined {
  return request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
}

function authenticate(request: WireRequest): void {
  const basic = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const key = findBearer(request) ?? (basic && Buffer.from(basic, 'base64').toString().replace(/:.*$/, ''));
  if (!key)
    throw new StripeError(
      401,
      'invalid_request_error',
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    );
  if (key !== SECRET_KEY)
    throw new StripeError(
      401,
      'invalid_request_error',
      `Invalid API Key provided: ${key.slice(0, 8)}****${key.slice(-4)}`,
    );
}

/** A version that Stripe never had is refused in its words; older ones are not simulated. */
function checkVersion(request: WireRequest): void {
  const version = request.headers['stripe-version'];
  if (version === undefined || version === API_VERSION) return;
  if (/^\d{4}-\d{2}-\d{2}(\.[a-z_]+)?$/.test(version)) throw new NotSimulated(`the API version ${version} of Stripe`);
  throw invalidRequest(`Invalid Stripe API version: ${version.slice(0, 60)}`);
}

/** What Stripe has and the simulator has not is no refusal of Stripe's. */
function unknownAddress({ method, path }: WireRequest): Error {
  if (isOfStripe(path)) return new NotSimulated(`${method} ${path} of Stripe`);
  return new StripeError(
    404,
    'invalid_request_error',
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  );
}

/** Of the API of JSON, whose addresses begin with /v2. */
const isOfSecondVersion = ({ path }: WireRequest) => path.startsWith('/v2/');

function refusal(error: StripeError, requestId: string, request: WireRequest): WireAnswer {
  return {
    status: error.status,
    headers: {
      ...(error.status === 429 && { 'stripe-rate-limited-reason': 'global-rate' }),
      ...(error.status === 401 && { 'www-authenticate': 'Bearer realm="Stripe"' }),
    },
    body: isOfSecondVersion(request) ? error.plainBody() : error.body(requestId),
  };
}
