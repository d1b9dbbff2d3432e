import { storableText } from './database/storable-text.js';

// Joiners within Arabic and Indic words and emoji, and the emoji variation selector, are part of writing.
const JOINED =
  /(?<=[\p{Script=Arabic}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d])(?:\u200c|\u200d|\ufe0f)(?=[\p{L}\p{Extended_Pictographic}\u200d]|$|\s)/gu;

// Controls, line breaks, and characters without a shape: bidirectional marks among them could forge a text.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const isPrintable = (text: string) => !UNPRINTABLE.test(text.replaceAll(JOINED, '').replaceAll('\0', ''));
const isVisible = (text: string) => /[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u.test(text);

// Schemes, mailboxes, hosts that say so, numeric ones, and those before a port, a path, a query or a fragment. A bare domain
// is a name, as “Booking.com” is one: `quotedName` keeps mail programs from linking to it.
const ADDRESS =
  /\w:[/\\]{2}|\b(?:mailto|tel|sms):\S|\bwww\.|\S@\S|\b\d{1,3}(?:\.\d{1,3}){3}\b|[\p{L}\p{N}]\.\p{L}[\p{L}\p{N}-]+\.?(?:[/\\?#]|:\S)/iu;

// Full-width letters and dots are as good as plain ones.
const hasAddress = (text: string) => ADDRESS.test(text.normalize('NFKC').replaceAll('\u3002', '.'));

/**
 * The name of a person, a company, a client or a key: a visible line of at most `length` characters, without addresses,
 * bidirectional and invisible characters, as names stand in mails to others. A bare domain is allowed.
 */
export const nameUpTo = (length: number) =>
  storableText
    .transform((text) => text.normalize('NFC').trim())
    .refine(isVisible, { message: 'must not be empty', abort: true })
    .refine(isPrintable, { message: 'must be one line of plain text', abort: true })
    .refine((text) => !hasAddress(text), 'must not contain an address, as of a page or a mailbox')
    .refine((text) => text.length <= length, `must have at most ${length} characters`);

/**
 * A text that people write for each other, of at most `length` characters: visible, without bidirectional and invisible
 * characters. Lines may be broken, and addresses are allowed: it stands in no mail.
 */
export const textUpTo = (length: number) =>
  storableText
    .transform((text) => text.normalize('NFC').replaceAll('\r\n', '\n').trim())
    .refine(isVisible, { message: 'must not be empty', abort: true })
    .refine((text) => isPrintable(text.replaceAll('\n', ' ')), { message: 'must be plain text', abort: true })
    .refine((text) => text.length <= length, `must have at most ${length} characters`);

const MAX_QUOTED = 60;

// A zero-width non-joiner after the dot.
const unlinked = (text: string) => text.replace(/(?<=[\p{L}\p{N}])[.\u3002\uff0e\uff61](?=[\p{L}\p{N}])/gu, '$&\u200c');

/** Returns a name in quotes for a mail, at most 60 characters of it; mail programs do not turn a domain in it into a link. */
export function quotedName(name: string): string {
  const line = name
    .replace(/[“”"\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...line];
  return `“${unlinked(letters.length > MAX_QUOTED ? `${letters.slice(0, MAX_QUOTED - 1).join('')}…` : line)}”`;
}
