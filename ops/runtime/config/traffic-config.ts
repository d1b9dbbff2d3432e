import { isIP } from 'node:net';
import { z } from 'zod';

/** Whom the gateway believes, and how many requests it takes of one client. */
export interface TrafficConfig {
  /** Requests in 15 minutes from one network address without credentials; 0 = as many as one likes. */
  anonymousLimit: number;
  /** Requests in a minute of one person or API key; 0 = as many as one likes, undefined = what the plan says. */
  signedInLimit: number | undefined;
  /** What operations of one person or API key may cost in a minute; 0 = as much as one likes, undefined = what the plan says. */
  costLimit: number | undefined;
  /** Attempts in 15 minutes to sign in to one account from one network; 0 = as many as one likes. */
  signInLimit: number;
  /** Whether clients may ask for the schema; undefined = outside production. */
  hasIntrospection: boolean | undefined;
  /** Whether a sign-up makes an account only once the link that is mailed was used; undefined = in production. */
  confirmsSignUps: boolean | undefined;
  /**
   * Proxies whose `X-Forwarded-For` is believed: their addresses and networks, or how many there are between the gateway and
   * its clients; false = none, and a client is who connects.
   */
  trustedProxies: string[] | number | false;
}

const isNetwork = (text: string) => {
  const [address = '', bits = '', ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return !text.includes('/') || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
};
const listOf = (text: string) => text.split(',').flatMap((part) => part.trim() || []);

const limit = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a number of requests, or 0 for no limit')
  .transform(Number)
  .optional();

const onOrOff = z.enum(['on', 'off'], 'must be on or off').optional();

export const trafficVariables = {
  RATE_LIMIT_ANONYMOUS: limit,
  RATE_LIMIT_SIGNED_IN: limit,
  RATE_LIMIT_SIGN_IN: limit,
  COST_LIMIT: limit,
  GRAPHQL_INTROSPECTION: onOrOff,
  SIGN_UP_CONFIRMATION: onOrOff,
  TRUSTED_PROXIES: z
    .string()
    .refine(
      (text) => /^\d{1,2}$/.test(text) || listOf(text).every(isNetwork),
      'must list addresses or networks like 10.0.0.0/8, separated by commas, or be the number of proxies',
    )
    .optional(),
};

const settings = z.object(trafficVariables);

function trustedProxiesIn(text: string | undefined): TrafficConfig['trustedProxies'] {
  if (!text || Number(text) === 0) return false;
  return /^\d+$/.test(text) ? Number(text) : listOf(text);
}

/** Returns the parsed settings in our words. Tests ask from one address, hence without limits unless they set some. */
export function trafficConfig(given: z.output<typeof settings>, isTest: boolean): TrafficConfig {
  return {
    anonymousLimit: given.RATE_LIMIT_ANONYMOUS ?? (isTest ? 0 : 100),
    signedInLimit: given.RATE_LIMIT_SIGNED_IN ?? (isTest ? 0 : undefined),
    costLimit: given.COST_LIMIT ?? (isTest ? 0 : undefined),
    signInLimit: given.RATE_LIMIT_SIGN_IN ?? (isTest ? 0 : 5),
    hasIntrospection: given.GRAPHQL_INTROSPECTION && given.GRAPHQL_INTROSPECTION === 'on',
    confirmsSignUps: given.SIGN_UP_CONFIRMATION && given.SIGN_UP_CONFIRMATION === 'on',
    trustedProxies: trustedProxiesIn(given.TRUSTED_PROXIES),
  };
}
