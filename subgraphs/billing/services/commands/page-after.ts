import type { Context } from '#billing/context.js';
import { InvalidInput } from '#runtime/errors.js';
import { problemOfPage } from '#runtime/http/allowed-page.js';

/**
 * Returns where the browser goes after a page of Stripe's: the page given, else the dashboard or the start page. Throws InvalidInput for
 * a page of a foreign origin.
 */
export function pageAfter(
  { services }: Pick<Context, 'services'>,
  argument: string,
  page: string | null | undefined,
): string {
  const { config, publicUrl } = services;
  if (page === null || page === undefined) return `${config.dashboardUrl ?? publicUrl()}/`;
  const problem = problemOfPage(page, services);
  if (problem) throw new InvalidInput([{ argument, problem }]);
  return new URL(page).href;
}
