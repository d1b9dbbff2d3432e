import type { Config } from '#runtime/config/config.js';
import { originRule } from './origin-rule.js';

/** What decides which pages are ours. */
export interface OwnPages {
  config: Pick<Config, 'allowedOrigins' | 'isProduction' | 'dashboardUrl' | 'hasDashboard'>;
  publicUrl(): string;
}

const MAX_LENGTH = 2_000;
/** Where the gateway serves the dashboard. */
const DASHBOARD_FOLDER = '/app';

const isBelow = (pathname: string, folder: string) => pathname === folder || pathname.startsWith(`${folder}/`);

/** Whether the page belongs to a dashboard at `DASHBOARD_URL`, which may share its origin with others below another path. */
function isOfDashboard({ origin, pathname }: URL, { dashboardUrl }: OwnPages['config']): boolean {
  if (!dashboardUrl) return false;
  const dashboard = new URL(dashboardUrl);
  return origin === dashboard.origin && isBelow(pathname, dashboard.pathname.replace(/\/$/, ''));
}

/** Whether the page belongs to the dashboard that the gateway serves. */
function isOfGateway({ origin, pathname }: URL, { config, publicUrl }: OwnPages): boolean {
  return config.hasDashboard && origin === new URL(publicUrl()).origin && isBelow(pathname, DASHBOARD_FOLDER);
}

/** Returns why a browser is not sent to a page that a caller names; undefined for a page of the dashboard or of an allowed origin. */
export function problemOfPage(page: string, own: OwnPages): string | undefined {
  if (page.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (!URL.canParse(page)) return 'must be the address of a page';
  const url = new URL(page);
  if (!['https:', 'http:'].includes(url.protocol)) return 'must be the address of a page';
  if (url.username || url.password) return 'must not contain a user name or a password';
  if (originRule(own.config)(url.origin) || isOfDashboard(url, own.config) || isOfGateway(url, own)) return undefined;
  return 'must be a page of an origin in ALLOWED_ORIGINS, or of the dashboard';
}
