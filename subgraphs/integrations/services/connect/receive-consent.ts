import type { Context } from '#integrations/context.js';
import type { PendingConsent } from '#integrations/entities/pending-consent.js';
import { ProviderUnavailable } from '#integrations/errors.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { Provider } from '#integrations/providers/provider.js';
import { Forbidden, InvalidInput } from '#runtime/errors.js';
import { getByCompletionCode, keepCode, takeByState } from './pending-consent.js';

/** The parameters of a provider's redirect (RFC 6749, 4.1.2). */
export interface Callback {
  providerId: string;
  state: string;
  code?: string | null;
  error?: string | null;
}

/** A consent that its user can complete. */
export interface ReceivedConsent {
  provider: Provider;
  organizationId: string;
  userId: string;
  expiresAt: Date;
}

/** What the gateway answers a redirect with. */
export interface Received {
  consent: ReceivedConsent | null;
  completionCode: string | null;
  /** An error code of RFC 6749, 4.1.2.1. */
  error: string | null;
  returnTo: string | null;
}

const shown = ({ providers }: Context, consent: PendingConsent): ReceivedConsent => ({
  provider: providers.get(consent.providerId),
  organizationId: consent.organizationId,
  userId: consent.userId,
  expiresAt: consent.expiresAt,
});

/** RFC 6749 has access_denied; LinkedIn has a code for each button. */
const isRefusal = (error: string) => error === 'access_denied' || error.startsWith('user_cancelled_');

/** Returns an error code that is safe to pass on. */
function errorIn({ error, code }: Callback): string | null {
  if (!error) return code ? null : 'invalid_request';
  if (isRefusal(error)) return 'access_denied';
  return /^\w{1,60}$/.test(error) ? error : 'server_error';
}

function failureOf(callback: Callback): Error {
  const { name } = describeProviderById(callback.providerId);
  const error = errorIn(callback);
  if (error === 'access_denied') return new Forbidden(`The consent was refused at ${name}: nothing was connected.`);
  if (callback.error) {
    return new ProviderUnavailable(name, `ended the consent with an error (${error}): start connecting again`);
  }
  return new InvalidInput([{ argument: 'code', problem: 'is missing' }]);
}

/**
 * Takes a provider's redirect: uses up the `state` and keeps the code for the user who initiated it. Nothing is connected, as
 * the browser may be any user's. Throws InvalidInput for an invalid `state`, and why there is no code where no page of a
 * dashboard can say it.
 */
export async function receiveConsent(context: Context, callback: Callback): Promise<Received> {
  const pending = await takeByState(context, callback);
  const { returnTo } = pending;
  const error = errorIn(callback);
  if (!error && callback.code) {
    const { consent, completionCode } = await keepCode(context, { consent: pending, code: callback.code });
    return { consent: shown(context, consent), completionCode, error: null, returnTo };
  }
  if (!returnTo) throw failureOf(callback);
  return { consent: null, completionCode: null, error, returnTo };
}

/** Returns the consent of a completion code without using it up. Throws InvalidInput. */
export async function getReceivedConsent(context: Context, given: { code: string }): Promise<ReceivedConsent> {
  return shown(context, await getByCompletionCode(context, given));
}
