import { type ConnectionFigures, readConnections } from '#runtime/telemetry/observe-connections.js';
import type { Condition, Holding } from './condition.js';
import { LIMITS } from './limits.js';

const forEachProvider = (judge: (figures: ConnectionFigures) => Holding | false) => async () =>
  (await readConnections())?.flatMap((figures) => judge(figures) || []);

/** Whether a provider fails for many organizations at once. */
export const providerFailing: Condition = {
  name: 'provider-failing',
  category: 'integration',
  evaluate: forEachProvider(
    ({ provider, failingOrganizations: failing, organizations }) =>
      failing >= LIMITS.failingOrganizations &&
      failing >= LIMITS.failingShare * organizations && {
        subject: provider,
        message: `${provider} fails for ${failing} of ${organizations} organizations: their figures are not current.`,
      },
  ),
};

/** Whether access tokens ended that should have been renewed. */
export const tokensNotRenewed: Condition = {
  name: 'tokens-not-renewed',
  category: 'oauth',
  evaluate: forEachProvider(
    ({ provider, overdueTokens }) =>
      overdueTokens > 0 && {
        subject: provider,
        message: `${overdueTokens} access tokens of ${provider} ended and were not renewed: its figures do not change any more.`,
      },
  ),
};
