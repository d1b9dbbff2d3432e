import { z } from 'zod';
import { InvalidInput } from '../../../ops/runtime/errors.js';
import { isMailAddress } from '../../../ops/runtime/mail/address.js';
import { storableText } from '../../../ops/runtime/storable-text.js';
import { isCommonPassword } from './common-password.js';

const MAX_EMAIL_LENGTH = 254;
const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 128;

/** A name of a person or a company. */
export const givenName = storableText.trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters');

/** An address that mail can be sent to. */
export const emailAddress = storableText
  .trim()
  .max(MAX_EMAIL_LENGTH, `must have at most ${MAX_EMAIL_LENGTH} characters`)
  .refine((text) => z.email().safeParse(text).success && isMailAddress(text), 'must be an e-mail address');

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
