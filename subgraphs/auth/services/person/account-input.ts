import { z } from 'zod';
import { storableText } from '#runtime/database/storable-text.js';
import { InvalidInput } from '#runtime/errors.js';
import { isMailAddress } from '#runtime/mail/address.js';
import { isCommonPassword } from './common-password.js';

const MAX_EMAIL_LENGTH = 254;
const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 128;

// Line breaks would make paragraphs of their own in mails that tell of the name, and marks of direction turn text around.
const UNNAMEABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const isVisible = (text: string) => /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text);

/** One line of text that names something, of at most `length` characters. */
export const nameUpTo = (length: number) =>
  storableText
    .trim()
    .refine((text) => !UNNAMEABLE.test(text.replaceAll('\0', '')), 'must be one line of plain text')
    .refine(isVisible, 'must not be empty')
    .max(length, `must have at most ${length} characters`);

/** A name of a person or a company. */
export const givenName = nameUpTo(200);

const isReachable = (text: string) => z.email().safeParse(text).success && isMailAddress(text);

/** An address that mail can be sent to. */
export const emailAddress = storableText
  .trim()
  .max(MAX_EMAIL_LENGTH, `must have at most ${MAX_EMAIL_LENGTH} characters`)
  .pipe(z.string().refine(isReachable, 'must be an e-mail address'));

// As people count them: a character beyond U+FFFF is one, and one of several forms is the same in each.
const lengthOf = (password: string) => [...password.normalize('NFKC')].length;

/** A password somebody chooses. No rules of what must be in it: they make passwords worse, not better. */
export const newPassword = z
  .string()
  .refine((text) => lengthOf(text) >= MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
  .refine((text) => lengthOf(text) <= MAX_PASSWORD_LENGTH, `must have at most ${MAX_PASSWORD_LENGTH} characters`);

/** Throws InvalidInput for a password that others try first: a common one, or what is known of the person. */
export async function refuseGuessable(
  argument: string,
  password: string,
  known: { email: string; name: string },
): Promise<void> {
  const comparable = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');
  const own = [known.email, known.email.split('@')[0] ?? '', known.name].map(comparable);
  if (own.includes(comparable(password))) {
    throw new InvalidInput([{ argument, problem: 'must not be your own name or address' }]);
  }
  if (await isCommonPassword(password)) {
    throw new InvalidInput([{ argument, problem: 'is one of the most common ones and guessed first: choose another' }]);
  }
}
