import type { Config } from '#runtime/config/config.js';
import { originRule } from './origin-rule.js';

type Origins = Pick<Config, 'allowedOrigins' | 'isProduction' | 'dashboardUrl'>;

const MAX_LENGTH = 2_000;

/** Whether the page belongs to the dashboard, which may share its origin with others below another path. */
function isOfDashboard({ origin, pathname }: URL, { dashboardUrl }: Origins): boolean {
  if (!dashboardUrl) return false;
  const dashboard = new URL(dashboardUrl);
  const folder = dashboard.pathname.replace(/\/$/, '');
  return origin === dashboard.origin && (pathname === folder || pathname.startsWith(`${folder}/`));
}

/** Returns why a browser is not sent to a page that a caller names; undefined for a page of the dashboard or of an allowed origin. */
export function problemOfPage(page: string, config: Origins): string | undefined {
  if (page.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (!URL.canParse(page)) return 'must be the address of a page';
  const url = new URL(page);
  if (!['https:', 'http:'].includes(url.protocol)) return 'must be the address of a page';
  if (url.username || url.password) return 'must not contain a user name or a password';
  if (originRule(config)(url.origin) || isOfDashboard(url, config)) return undefined;
  return 'must be a page of an origin in ALLOWED_ORIGINS, or of the dashboard';
}
