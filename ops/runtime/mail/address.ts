// At most what an SMTP envelope carries (RFC 5321 §4.5.3.1.3, less two octets for brackets), without characters that end or
// extend a header or an address list. Letters of any script: a server without SMTPUTF8 refuses them itself.
const ADDRESS = /^[^\s\p{C}"(),:;<>@[\]\\]+@[^\s\p{C}"(),:;<>@[\]\\]+$/u;
const MAX_BYTES = 254;

/** Returns whether `text` is one bare mail address, which cannot forge a header. */
export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text) && Buffer.byteLength(text) <= MAX_BYTES;
}

/** Returns an address as it is compared: case-insensitively. */
export function comparableAddress(address: string): string {
  return address.normalize('NFC').toLowerCase();
}

/** Returns the address in `Name <address>` or in a bare one. */
export function bareAddress(mailbox: string): string {
  return /<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
}

/** Returns the mailbox of an address, as far as its form shows: compared without case and without a `+tag` (RFC 5233). */
export function mailboxOf(address: string): string {
  return comparableAddress(address).replace(/^([^@+]+)\+[^@]*@/, '$1@');
}
