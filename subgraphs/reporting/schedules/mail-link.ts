import type { Services } from '#runtime/services.js';

/** The pages that mails to recipients link to: the gateway's, as recipients have no account. */
type RecipientPage = 'confirm-reports' | 'stop-reports';

/** Returns the URL of a page for a token. */
export const mailLink = (
  { publicUrl }: Pick<Services, 'publicUrl'>,
  { page, token }: { page: RecipientPage; token: string },
): string => `${publicUrl()}/${page}?token=${token}`;
