import type { Identity } from '#runtime/identity/identity.js';

/**
 * Returns when and from which network address something was done, for a mail about it. Nothing else of it: what a
 * stranger may write into a field (a name, a user agent) must not reach anybody's mailbox through us.
 */
export function describeOrigin({ client }: Identity, now: Date): string {
  const day = now.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  const time = now.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  const when = `${day} at ${time} UTC`;
  return client ? `${when}, from the network address ${client.address}` : when;
}
