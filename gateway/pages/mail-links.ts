import { decodeJwt } from 'jose';
import type { Identity } from '#runtime/identity/identity.js';
import type { Field, Form, Page } from './page.js';

/** Runs an operation of a subgraph without credentials, or in a session. */
export type Ask = <Data>(
  query: string,
  variables: Record<string, unknown>,
  session?: Pick<Identity, 'userId' | 'organizationId' | 'sessionId'>,
) => Promise<Data>;

/** What the page shows before anything happens. */
export type Question = Pick<Page, 'title' | 'text'> & Pick<Form, 'fields' | 'button'>;

/** What became of a link; `leadsToSignIn` = the person signs in next. */
export type Result = Page & { leadsToSignIn?: boolean };

/** A link in a mail and its page. */
export interface MailLink {
  /** Path segment. */
  name: string;
  /** The subgraph that issued the token. */
  issuer: 'auth' | 'reporting';
  /** Throws AppError when the token is looked up and is not valid. */
  question(token: string, ask: Ask): Promise<Question>;
  /** Submits the form and returns the result page. */
  submit(given: Record<string, string>, ask: Ask): Promise<Result>;
  /** The page for an invalid token; without a text it shows the error message. */
  refused: { title: string; text?: string };
}

interface InvitationPreview {
  organizationName: string;
  email: string;
  role: string;
  hasAccount: boolean;
}

const NAME: Field = { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name' };

const NEW_PASSWORD: Field = {
  name: 'password',
  label: 'New password',
  type: 'password',
  autocomplete: 'new-password',
  hint: '8 to 128 characters of any kind; a few words are easiest to remember.',
};

const CURRENT_PASSWORD: Field = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
};

const WRONG_LINK = {
  title: 'This link does not work',
  text: 'It was used before, a newer one took its place, or it is too old. Ask for another one.',
};

function link(issuer: MailLink['issuer'], name: string, mutation: string, question: Question, done: Result): MailLink {
  return {
    name,
    issuer,
    question: async () => question,
    submit: async (given, ask) => {
      await ask(mutation, { password: '', ...given });
      return done;
    },
    refused: WRONG_LINK,
  };
}

const accountLink = (...given: [name: string, mutation: string, question: Question, done: Result]) =>
  link('auth', ...given);
const reportLink = (...given: [name: string, mutation: string, question: Question, done: Result]) =>
  link('reporting', ...given);

const invitationLink: MailLink = {
  name: 'accept-invitation',
  issuer: 'auth',
  question: async (token, ask) => {
    const { invitation } = await ask<{ invitation: InvitationPreview }>(
      /* GraphQL */ `query Invitation($token: String!) {
        invitation(token: $token) { organizationName email role hasAccount }
      }`,
      { token },
    );
    const { organizationName, email, role, hasAccount } = invitation;
    return {
      title: `Join ${organizationName}`,
      text: `You were invited as ${role.toLowerCase()}, by a mail to ${email}.`,
      fields: hasAccount ? [{ ...CURRENT_PASSWORD, label: 'The password of your account' }] : [NAME, NEW_PASSWORD],
      button: 'Join',
    };
  },
  submit: async (given, ask) => {
    const { acceptInvitation } = await ask<{ acceptInvitation: { organizationName: string; email: string } }>(
      /* GraphQL */ `mutation AcceptInvitation($token: String!, $name: String, $password: String) {
        acceptInvitation(token: $token, name: $name, password: $password) { organizationName email }
      }`,
      given,
    );
    const { organizationName, email } = acceptInvitation;
    return {
      title: `You belong to ${organizationName}`,
      text: `Log in to WebMetrics as ${email}. You can close this page.`,
      leadsToSignIn: true,
    };
  },
  refused: { title: 'This invitation cannot be accepted' },
};

interface CompletedSignUp {
  accessToken: string;
  user: { organization: { id: string } };
}

const signUpLink: MailLink = {
  name: 'complete-sign-up',
  issuer: 'auth',
  question: async () => ({
    title: 'Complete your sign-up',
    text: 'Give the password you chose when you signed up, and your account is made. If it was not you who signed up, close this page: there is no account then.',
    fields: [CURRENT_PASSWORD],
    button: 'Complete the sign-up',
  }),
  submit: async (given, ask) => {
    const { completeSignUp } = await ask<{ completeSignUp: CompletedSignUp }>(
      /* GraphQL */ `mutation CompleteSignUp($token: String!, $password: String!) {
        completeSignUp(token: $token, password: $password) { accessToken user { organization { id } } }
      }`,
      { password: '', ...given },
    );
    // The page keeps no tokens, so it ends the new session.
    const { accessToken, user } = completeSignUp;
    const { sub: userId, sid: sessionId } = decodeJwt<{ sid: string }>(accessToken);
    await ask('mutation LogOut { logOut }', {}, { userId, sessionId, organizationId: user.organization.id });
    return {
      title: 'Your account is ready',
      text: 'Log in with your address and password. You can close this page.',
      leadsToSignIn: true,
    };
  },
  refused: WRONG_LINK,
};

/** The pages for links in mails, used without `DASHBOARD_URL`. */
export const mailLinks: MailLink[] = [
  signUpLink,
  accountLink(
    'verify-email',
    'mutation VerifyEmail($token: String!) { verifyEmail(token: $token) }',
    {
      title: 'Confirm your e-mail address',
      text: 'Press the button to confirm that mail from WebMetrics reaches you.',
      fields: [],
      button: 'Confirm the address',
    },
    { title: 'Your address is confirmed', text: 'Thank you. You can close this page.' },
  ),
  accountLink(
    'reset-password',
    'mutation ResetPassword($token: String!, $password: String!) { resetPassword(token: $token, password: $password) }',
    {
      title: 'Choose a new password',
      text: 'It signs you out on every device.',
      fields: [NEW_PASSWORD],
      button: 'Set the password',
    },
    {
      title: 'Your password is set',
      text: 'Log in with the new one. You can close this page.',
      leadsToSignIn: true,
    },
  ),
  accountLink(
    'confirm-email-change',
    'mutation ConfirmEmailChange($token: String!) { confirmEmailChange(token: $token) }',
    {
      title: 'Confirm your new e-mail address',
      text: 'Press the button, and your WebMetrics account signs in with this address from now on.',
      fields: [],
      button: 'Use this address',
    },
    {
      title: 'Your new address is confirmed',
      text: 'Log in with it from now on. You can close this page.',
      leadsToSignIn: true,
    },
  ),
  accountLink(
    'stop-email-change',
    'mutation StopEmailChange($token: String!) { stopEmailChange(token: $token) }',
    {
      title: 'Keep your e-mail address',
      text: 'Press the button to keep the address your account had. That ends every session, and your password stops working: a link for another one is mailed to you.',
      fields: [],
      button: 'Keep my address',
    },
    {
      title: 'Your account is yours again',
      text: 'The address is as it was, and every session was ended. Look into your mail: a link for a new password is there.',
    },
  ),
  invitationLink,
  accountLink(
    'decline-mail',
    'mutation DeclineMail($token: String!) { declineMail(token: $token) }',
    {
      title: 'Not for you?',
      text: 'Press the button to end what the mail was about, and mails like it to this address for half a year.',
      fields: [],
      button: 'No more of these mails',
    },
    { title: 'You get no more of these mails', text: 'What the mail was about has ended. You can close this page.' },
  ),
  reportLink(
    'confirm-reports',
    'mutation ConfirmReportRecipient($token: String!) { confirmReportRecipient(token: $token) }',
    {
      title: 'Get these reports?',
      text: 'Press the button, and the reports named in the mail are sent to your address from now on. Each has a link that ends them.',
      fields: [],
      button: 'Send me the reports',
    },
    { title: 'The reports will be sent to you', text: 'Thank you. You can close this page.' },
  ),
  reportLink(
    'stop-reports',
    'mutation DeclineReports($token: String!) { declineReports(token: $token) }',
    {
      title: 'No more reports?',
      text: 'Press the button to end all reports of this sender to your address.',
      fields: [],
      button: 'No more reports',
    },
    {
      title: 'You get no more reports',
      text: 'This sender sends no reports to your address any more. You can close this page.',
    },
  ),
];
