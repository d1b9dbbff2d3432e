import type { Context } from '#integrations/context.js';
import { InvalidInput } from '#runtime/errors.js';
import { type OwnPages, problemOfPage } from '#runtime/http/allowed-page.js';

function problemOf(returnTo: string, own: OwnPages): string | undefined {
  const problem = problemOfPage(returnTo, own);
  if (problem) return problem;
  if (new URL(returnTo).href.includes('#')) return 'must not have a fragment: the completion code goes there';
  return undefined;
}

/**
 * Returns where the browser goes after a consent: `returnTo`, else the dashboard's page; null = a page of the gateway.
 * Throws InvalidInput for a page of a foreign origin.
 */
export function resolveReturnTo({ services }: Context, returnTo: string | null | undefined): string | null {
  const { config } = services;
  if (returnTo === null || returnTo === undefined) {
    return config.dashboardUrl ? `${config.dashboardUrl}/complete-connection` : null;
  }
  const problem = problemOf(returnTo, services);
  if (problem) throw new InvalidInput([{ argument: 'returnTo', problem }]);
  return new URL(returnTo).href;
}
