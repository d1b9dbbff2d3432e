import { z } from 'zod';
import { storableText } from '#runtime/database/storable-text.js';
import { InvalidInput } from '#runtime/errors.js';
import { isMailAddress } from '#runtime/mail/address.js';
import { nameUpTo } from '#runtime/name.js';

const MAX_EMAIL_LENGTH = 254;
const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 128;

/** The name of a person or a company. */
export const givenName = nameUpTo(200);

const isReachable = (text: string) => z.email().safeParse(text).success && isMailAddress(text);

/** A deliverable e-mail address. */
export const emailAddress = storableText
  .trim()
  .max(MAX_EMAIL_LENGTH, `must have at most ${MAX_EMAIL_LENGTH} characters`)
  .pipe(z.string().refine(isReachable, 'must be an e-mail address'));

// Code points, independent of the keyboard's Unicode form.
const lengthOf = (password: string) => [...password.normalize('NFKC')].length;

/** A new password. No composition rules (NIST SP 800-63B). */
export const newPassword = z
  .string()
  .refine((text) => lengthOf(text) >= MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
  .refine((text) => lengthOf(text) <= MAX_PASSWORD_LENGTH, `must have at most ${MAX_PASSWORD_LENGTH} characters`);

let commonPasswords: Promise<Set<string>> | undefined;

// 400 kB: loaded on first use.
async function readCommonPasswords(): Promise<Set<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((password) => String(password).toLowerCase()));
}

/** Whether a password is one of the 49,000 most common ones. */
async function isCommonPassword(password: string): Promise<boolean> {
  commonPasswords ??= readCommonPasswords();
  return (await commonPasswords).has(password.normalize('NFKC').toLowerCase());
}

/** Throws InvalidInput for a common password, or the person's name or address. */
export async function refuseGuessable(
  { email, name }: { email: string; name: string },
  { argument, password }: { argument: string; password: string },
): Promise<void> {
  const comparable = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');
  const own = [email, email.split('@')[0] ?? '', name].map(comparable);
  if (own.includes(comparable(password))) {
    throw new InvalidInput([{ argument, problem: 'must not be your own name or address' }]);
  }
  if (await isCommonPassword(password)) {
    throw new InvalidInput([{ argument, problem: 'is one of the most common ones and guessed first: choose another' }]);
  }
}
