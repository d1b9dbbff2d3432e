import { AppError, type AppErrorOptions } from '#runtime/errors.js';

/** Consent is gone: the user must connect again. Never retried. */
export class ReconnectRequired extends AppError {
  constructor(providerName: string, why = 'no longer accepts our access', options: AppErrorOptions = {}) {
    super(`${providerName} ${why}: connect it again.`, 'RECONNECT_REQUIRED', options);
  }
}

/** The provider fails, mostly transiently. */
export class ProviderUnavailable extends AppError {
  constructor(providerName: string, what: string, options: AppErrorOptions = {}) {
    super(`${providerName} ${what}.`, 'PROVIDER_UNAVAILABLE', options);
  }
}

/** The provider answers in an unknown form. */
export class MalformedAnswer extends ProviderUnavailable {}

/** The provider does not make an answer of this size: parts of it may be requested. */
export class TooMuchData extends ProviderUnavailable {}

/** An access token was refused. Internal to this subgraph: services renew it and try once more. */
export class TokenRefused extends Error {
  constructor(providerName: string) {
    super(`${providerName} does not take this access token`);
    this.name = 'TokenRefused';
  }
}
