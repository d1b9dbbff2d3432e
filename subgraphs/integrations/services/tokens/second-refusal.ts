import { ReconnectRequired } from '#integrations/errors.js';
import { faultOf, withFault } from '#integrations/faults/fault-of.js';
import { minutesOfSkew } from '#integrations/providers/clock-skew.js';
import { ConfigurationError } from '#runtime/errors.js';

/** Returns the error, unless our clock is wrong: then reconnecting would not help. */
export function unlessClockIsWrong(providerName: string, error: Error): Error {
  const minutes = minutesOfSkew(providerName);
  if (minutes === undefined) return error;
  const message = `${providerName} refuses our access, and the clock of this installation is ${minutes} minutes off: set it right.`;
  return withFault('CLOCK_SKEW', new ConfigurationError(message, { cause: error }));
}

/** Returns the error of an access token refused right after its renewal. */
export function secondRefusal(providerName: string, refusal: Error): Error {
  const error = new ReconnectRequired(providerName, undefined, { cause: refusal });
  return unlessClockIsWrong(providerName, withFault(faultOf(refusal) ?? 'TOKEN_REVOKED', error));
}
