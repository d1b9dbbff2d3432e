import { AppError, type AppErrorOptions } from '#runtime/errors.js';

/** The provider's consent is gone: the person must connect again. Trying once more is of no use. */
export class ReconnectRequired extends AppError {
  constructor(providerName: string, why = 'no longer accepts our access', options: AppErrorOptions = {}) {
    super(`${providerName} ${why}: connect it again.`, 'RECONNECT_REQUIRED', options);
  }
}

/** The provider fails, or answers what nobody can read. Their fault, and usually passing. */
export class ProviderUnavailable extends AppError {
  constructor(providerName: string, what: string, options: AppErrorOptions = {}) {
    super(`${providerName} ${what}.`, 'PROVIDER_UNAVAILABLE', options);
  }
}

/** The provider answers, but in a form nobody can read. */
export class MalformedAnswer extends ProviderUnavailable {}

/**
 * The provider does not take this access token (any more). Between a provider and the services only: they renew the
 * token and try once more before anybody hears of it.
 */
export class TokenRefused extends Error {
  constructor(providerName: string) {
    super(`${providerName} does not take this access token`);
    this.name = 'TokenRefused';
  }
}
