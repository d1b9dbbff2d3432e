import type { BaseServices } from '#runtime/services.js';

/** The pages that links in mails lead to: the gateway's own, or those of a dashboard under the same names. */
export type AccountPage =
  | 'complete-sign-up'
  | 'verify-email'
  | 'reset-password'
  | 'confirm-email-change'
  | 'stop-email-change'
  | 'accept-invitation';

/** Returns the address of a page that acts with this token once a person presses its button. */
export function accountLink(
  { config, publicUrl }: Pick<BaseServices, 'config' | 'publicUrl'>,
  page: AccountPage,
  token: string,
) {
  return `${config.dashboardUrl ?? publicUrl()}/${page}?token=${token}`;
}
