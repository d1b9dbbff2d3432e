// What SMTP can carry in an envelope (RFC 5321 §4.5.3.1.3, two octets of them brackets), without what would end or
// extend a header or an address list. Letters of any script: a server without SMTPUTF8 says so itself.
const ADDRESS = /^[^\s\p{C}"(),:;<>@[\]\\]+@[^\s\p{C}"(),:;<>@[\]\\]+$/u;
const MAX_BYTES = 254;

/** Whether `text` is one bare mail address, and nothing else that could slip into a header. */
export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text) && Buffer.byteLength(text) <= MAX_BYTES;
}

/** The form under which an address is compared: people write the same one in different cases. */
export function comparableAddress(address: string): string {
  return address.normalize('NFC').toLowerCase();
}

/** The address in `Name <address>` or in a bare one. */
export function bareAddress(mailbox: string): string {
  return /<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
}
