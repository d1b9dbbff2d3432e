import { eventually } from '#ops/testing/eventually.js';
import type { MailServer } from '#ops/testing/mail-server.js';
import type { Client } from './client.js';

/** Returns the token of the link in the last mail to an address that leads to a page. */
export async function mailedToken(mail: MailServer, email: string, page: string): Promise<string> {
  const link = new RegExp(`/${page}\\?token=([\\w.~-]+)`);
  const find = () => mail.received.findLast(({ to, parsed }) => to.includes(email) && link.test(parsed.text ?? ''));
  await eventually(`a mail to ${email} leads to /${page}`, () => find() !== undefined);
  return link.exec(find()?.parsed.text ?? '')?.[1] as string;
}

/** Signs a new person up, who uses the link that is mailed to them. */
export async function signUpConfirmed(anyone: Client, mail: MailServer, name: string) {
  const user = await anyone.signUp(name);
  const { data } = await user.client.ask('{ me { email } }');
  const email: string = data.me.email;
  const token = await mailedToken(mail, email, 'verify-email');
  const { errors } = await user.client.ask('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
  if (errors) throw new Error(JSON.stringify(errors));
  return { ...user, email };
}
