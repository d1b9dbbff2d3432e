import { type ResultPage, resultPage } from './result-page.js';

/** What an invitation says before it is accepted. */
export interface InvitationPreview {
  organizationName: string;
  email: string;
  role: string;
  hasAccount: boolean;
}

const STYLE = 'display:block;width:100%;box-sizing:border-box;margin:.25rem 0 1rem;padding:.5rem;font:inherit';

const NAME = `<label>Your name <input name="name" required maxlength="200" autocomplete="name" style="${STYLE}"></label>`;

function passwordField(hasAccount: boolean): string {
  const [label, autocomplete] = hasAccount
    ? ['The password of your account', 'current-password']
    : ['A new password, at least 8 characters', 'new-password'];
  const limits = hasAccount ? '' : ' minlength="8"';
  return `<label>${label} <input name="password" type="password" required${limits} maxlength="128" autocomplete="${autocomplete}" style="${STYLE}"></label>`;
}

/** Only what a token can consist of gets into the page. */
const safeToken = (token: string) => token.replace(/[^\w-]/g, '');

/**
 * Returns the page an invitation is accepted on: a link that a mail program follows by itself must change nothing, so
 * there is a button to press. `problem` says why the last try was of no use.
 */
export function invitationPage(invitation: InvitationPreview, token: string, problem?: string): string {
  const { organizationName, email, role, hasAccount } = invitation;
  const page: ResultPage = {
    title: `Join ${organizationName}`,
    text: problem ?? `You were invited as ${role.toLowerCase()}, by a mail to ${email}.`,
  };
  const form = `<form method="post" action="accept-invitation">
<input type="hidden" name="token" value="${safeToken(token)}">
${hasAccount ? '' : NAME}
${passwordField(hasAccount)}
<button>Join</button>
</form>
</main>`;
  return resultPage(page).replace('</main>', () => form);
}
