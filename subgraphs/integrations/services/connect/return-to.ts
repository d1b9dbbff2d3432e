import type { Context } from '#integrations/context.js';
import type { Config } from '#runtime/config/config.js';
import { InvalidInput } from '#runtime/errors.js';
import { originRule } from '#runtime/http/origin-rule.js';

const MAX_LENGTH = 2_000;

/** Whether the page belongs to the dashboard, which may share its origin with others below another path. */
function isOfDashboard({ origin, pathname }: URL, { dashboardUrl }: Config): boolean {
  if (!dashboardUrl) return false;
  const dashboard = new URL(dashboardUrl);
  const folder = dashboard.pathname.replace(/\/$/, '');
  return origin === dashboard.origin && (pathname === folder || pathname.startsWith(`${folder}/`));
}

function problemOf(returnTo: string, config: Config): string | undefined {
  if (returnTo.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (!URL.canParse(returnTo)) return 'must be the address of a page';
  const url = new URL(returnTo);
  if (!['https:', 'http:'].includes(url.protocol)) return 'must be the address of a page';
  if (url.username || url.password) return 'must not contain a user name or a password';
  if (url.href.includes('#')) return 'must not have a fragment: the completion code goes there';
  if (originRule(config)(url.origin) || isOfDashboard(url, config)) return undefined;
  return 'must be a page of an origin in ALLOWED_ORIGINS, or of the dashboard';
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
  const problem = problemOf(returnTo, config);
  if (problem) throw new InvalidInput([{ argument: 'returnTo', problem }]);
  return new URL(returnTo).href;
}
