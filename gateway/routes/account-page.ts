import { escapeHtml, htmlPage, RESULT_PAGE_CSP, type ResultPage } from './result-page.js';

/** A page behind a link in a mail, and what its button does. */
export interface AccountPage {
  /** Its path, and the file name of its form. */
  name: string;
  /** What its button sends, with the token in `$token`, and in `$password` what was typed where it asks for one. */
  mutation: string;
  title: string;
  text: string;
  button: string;
  /** Whether it asks for a password: one that is chosen there, or the one the person has. */
  asksPassword?: 'new' | 'current';
  done: ResultPage;
}

/** Every page that links in mails lead to unless `DASHBOARD_URL` has its own. */
export const accountPages: AccountPage[] = [
  {
    name: 'complete-sign-up',
    // The session is for clients of the API: a page that hands nothing to its browser ends it in the same step.
    mutation:
      'mutation CompleteSignUp($token: String!, $password: String!) { completeSignUp(token: $token, password: $password) { accessTokenExpiresAt } logOut }',
    title: 'Complete your sign-up',
    text: 'Give the password you chose when you signed up, and your account is made. If it was not you who signed up, close this page: there is no account then.',
    button: 'Complete the sign-up',
    asksPassword: 'current',
    done: { title: 'Your account is ready', text: 'Log in with your address and password. You can close this page.' },
  },
  {
    name: 'verify-email',
    mutation: 'mutation VerifyEmail($token: String!) { verifyEmail(token: $token) }',
    title: 'Confirm your e-mail address',
    text: 'Press the button to confirm that mail from WebMetrics reaches you.',
    button: 'Confirm the address',
    done: { title: 'Your address is confirmed', text: 'Thank you. You can close this page.' },
  },
  {
    name: 'reset-password',
    mutation:
      'mutation ResetPassword($token: String!, $password: String!) { resetPassword(token: $token, password: $password) }',
    title: 'Choose a new password',
    text: 'It signs you out on every device.',
    button: 'Set the password',
    asksPassword: 'new',
    done: { title: 'Your password is set', text: 'Log in with the new one. You can close this page.' },
  },
  {
    name: 'confirm-email-change',
    mutation: 'mutation ConfirmEmailChange($token: String!) { confirmEmailChange(token: $token) }',
    title: 'Confirm your new e-mail address',
    text: 'Press the button, and your WebMetrics account signs in with this address from now on.',
    button: 'Use this address',
    done: { title: 'Your new address is confirmed', text: 'Log in with it from now on. You can close this page.' },
  },
  {
    name: 'stop-email-change',
    mutation: 'mutation StopEmailChange($token: String!) { stopEmailChange(token: $token) }',
    title: 'Keep your e-mail address',
    text: 'Press the button to keep the address your account had. That ends every session, and your password stops working: a link for another one is mailed to you.',
    button: 'Keep my address',
    done: {
      title: 'Your account is yours again',
      text: 'The address is as it was, and every session was ended. Look into your mail: a link for a new password is there.',
    },
  },
];

/** The Content-Security-Policy of a page with a form: it goes to where the page came from. */
export const ACCOUNT_PAGE_CSP = `${RESULT_PAGE_CSP}; form-action 'self'; base-uri 'none'`;

const NEW_PASSWORD_FIELD = `<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus aria-describedby="hint">
<small id="hint">8 to 128 characters of any kind; a few words are easiest to remember.</small>
`;

const CURRENT_PASSWORD_FIELD = `<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
`;

const passwordFields = { new: NEW_PASSWORD_FIELD, current: CURRENT_PASSWORD_FIELD };

/** Returns the HTML of the page that asks before anything happens; `problem` says what was wrong with the last answer. */
export function askingPage(page: AccountPage, token: string, problem?: string): string {
  const passwordField = page.asksPassword ? passwordFields[page.asksPassword] : '';
  return htmlPage(
    page.title,
    `<p>${escapeHtml(page.text)}</p>
<form method="post" action="${page.name}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
${problem ? `<p role="alert">${escapeHtml(problem)}</p>\n` : ''}${passwordField}<button>${escapeHtml(page.button)}</button>
</form>`,
  );
}
