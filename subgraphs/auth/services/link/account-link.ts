import type { BaseServices } from '#runtime/services.js';

/** The pages that mails link to: the gateway's, or those of a dashboard under the same names. */
export type AccountPage =
  | 'complete-sign-up'
  | 'verify-email'
  | 'reset-password'
  | 'confirm-email-change'
  | 'stop-email-change'
  | 'accept-invitation'
  | 'decline-mail';

/** Returns the URL of a page for a token. */
export function accountLink(
  { config, publicUrl }: Pick<BaseServices, 'config' | 'publicUrl'>,
  { page, token }: { page: AccountPage; token: string },
): string {
  return `${config.dashboardUrl ?? publicUrl()}/${page}?token=${token}`;
}
