import { z } from 'zod';

/** How an installation deals with the limits and failures of providers. */
export interface QuotaConfig {
  /** The part of each limit that is kept for what somebody waits for: 0.2 = a fifth. */
  reserve: number;
  /** How often in a row asking one account must fail before it is left alone for a while. */
  failuresToOpen: number;
}

export const quotaVariables = {
  PROVIDER_QUOTA_RESERVE: z
    .string()
    .regex(/^\d{1,2}$/, 'must be a percentage from 0 to 99')
    .default('20'),
  PROVIDER_BREAKER_FAILURES: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a whole number from 1 to 999')
    .default('5'),
};

const settings = z.object(quotaVariables);

/** Returns the parsed settings in our words. */
export function quotaConfig(given: z.output<typeof settings>): QuotaConfig {
  return {
    reserve: Number(given.PROVIDER_QUOTA_RESERVE) / 100,
    failuresToOpen: Number(given.PROVIDER_BREAKER_FAILURES),
  };
}
