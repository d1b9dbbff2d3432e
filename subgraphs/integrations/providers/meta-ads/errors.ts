import { z } from 'zod';
import { ProviderUnavailable, ReconnectRequired, TokenRefused, TooMuchData } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import type { WireAnswer } from '#integrations/providers/wire.js';
import { sensibleSeconds } from '#integrations/quota/reported.js';
import { ConfigurationError, Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';

export const NAME = 'Meta Ads';

const DEFAULT_RETRY_SECONDS = 60;

const envelope = z.object({
  error: z.object({
    code: z.number(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    message: z.string().optional(),
  }),
});

const usageHeader = z.record(z.string(), z.array(z.object({ estimated_time_to_regain_access: z.number().optional() })));

const LIMITS = new Set([4, 17, 32, 341, 613]);
// 458 app removed, 459 and 464 checkpoint, 460 password changed: access is gone for good.
const CONSENT_GONE = new Set([458, 459, 460, 464]);

/** https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging-and-error-handling */
const EXPIRED = 463;
/** "You are calling a deprecated version of the Ads API." https://developers.facebook.com/docs/marketing-api/error-reference */
const VERSION_RETIRED = 2635;

// Too much data, and insights that time out. https://developers.facebook.com/docs/marketing-api/insights/best-practices
const TOO_MUCH = new Set([1487534, 1504018, 1504038]);
const isTooMuch = (message: string, subcode = 0) => TOO_MUCH.has(subcode) || /reduce the amount of data/i.test(message);

const isLimit = (code: number) => LIMITS.has(code) || (code >= 80_000 && code <= 80_014);
const isPermission = (code: number) => code === 3 || code === 10 || (code >= 200 && code <= 299);
const isMissing = (code: number, subcode?: number) => code === 803 || (code === 100 && subcode === 33);

/** Meta sends no Retry-After but the minutes until each limit ends. */
function retryAfterOf(headers: WireAnswer['headers']): number {
  const text = headers['x-business-use-case-usage'];
  try {
    const usage = usageHeader.parse(JSON.parse(String(text)));
    const minutes = Object.values(usage).flatMap((limits) =>
      limits.map(({ estimated_time_to_regain_access: wait = 0 }) => wait),
    );
    return sensibleSeconds(Math.max(0, ...minutes) * 60 || undefined, DEFAULT_RETRY_SECONDS);
  } catch {
    return DEFAULT_RETRY_SECONDS;
  }
}

/** Whether it is an error, as parts of a batch may be with status 200. */
export function isError({ status, json }: WireAnswer): boolean {
  return status !== 200 || envelope.safeParse(json).success;
}

/**
 * Maps an error answer by its code; the status is mostly 400.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export function errorOfAnswer({ status, headers, json }: WireAnswer): Error {
  const parsed = envelope.safeParse(json);
  const { code = undefined, error_subcode: subcode, message = '' } = parsed.success ? parsed.data.error : {};
  const options = { cause: { status, code, subcode } };
  if (code === undefined) {
    if (status === 401) return new TokenRefused(NAME);
    if (status === 429) return new RateLimited(`${NAME} has had too many requests.`, retryAfterOf(headers), options);
    return new ProviderUnavailable(NAME, `has a problem of its own (status ${status})`, options);
  }
  const named = `(code ${[code, subcode].filter((part) => part !== undefined).join('/')})`;
  if (code === 190 || code === 102) {
    if (CONSENT_GONE.has(subcode ?? 0)) return new ReconnectRequired(NAME, undefined, options);
    return subcode === EXPIRED ? withFault('TOKEN_EXPIRED', new TokenRefused(NAME)) : new TokenRefused(NAME);
  }
  if (code === VERSION_RETIRED) {
    const error = new ConfigurationError(`${NAME} no longer answers the version in META_VERSION ${named}.`, options);
    return withFault('API_VERSION_RETIRED', error);
  }
  if (isTooMuch(message, subcode)) return new TooMuchData(NAME, `does not report as much at once ${named}`, options);
  if (isLimit(code))
    return new RateLimited(`${NAME} has had too many requests ${named}.`, retryAfterOf(headers), options);
  if (isPermission(code) || isMissing(code, subcode)) {
    return new Forbidden(`${NAME} does not let this connection read the account ${named}.`, options);
  }
  if (code === 3018) {
    return new InvalidInput([{ argument: 'range', problem: `begins before the 37 months ${NAME} remembers` }], options);
  }
  const isTheirs = code === 1 || code === 2 || status >= 500 || (parsed.success && parsed.data.error.is_transient);
  if (isTheirs) return new ProviderUnavailable(NAME, `has a problem of its own ${named}`, options);
  return withFault('REQUEST_REJECTED', new ProviderUnavailable(NAME, `did not accept our request ${named}`, options));
}

/** Maps an error answer to the exchange of a code. */
export function errorOfCodeAnswer(answer: WireAnswer): Error {
  const parsed = envelope.safeParse(answer.json);
  const { code, error_subcode: subcode, message = '' } = parsed.success ? parsed.data.error : {};
  // 36008: another redirect address than in the dialog; 101 and the wrong secret: the app itself.
  if (subcode === 36008 || code === 101 || /client secret/i.test(message)) {
    return new ConfigurationError(`${NAME} does not accept the OAuth client of this installation (code ${code}).`);
  }
  if (code === 100) {
    return new InvalidInput([
      { argument: 'code', problem: `is not known to ${NAME} (any more): start connecting again` },
    ]);
  }
  return errorOfAnswer(answer);
}
