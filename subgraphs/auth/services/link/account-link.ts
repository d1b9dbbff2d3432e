import type { BaseServices } from '#runtime/services.js';

/** The pages that links in mails lead to: the gateway's own, or those of a dashboard under the same names. */
export type AccountPage =
  | 'complete-sign-up'
  | 'verify-email'
  | 'reset-password'
  | 'confirm-email-change'
  | 'stop-email-change'
  | 'accept-invitation';

/** Returns the URL of a page that acts with this token once its button is pressed. */
export function accountLink(
  { config, publicUrl }: Pick<BaseServices, 'config' | 'publicUrl'>,
  { page, token }: { page: AccountPage; token: string },
): string {
  return `${config.dashboardUrl ?? publicUrl()}/${page}?token=${token}`;
}
