import type { ServiceContext } from '#auth/context.js';

/**
 * Returns the time and network address of a request, for mails. Nothing a stranger could choose, such as a user agent.
 */
export function describeOrigin({ services, identity }: Pick<ServiceContext, 'services' | 'identity'>): string {
  const now = services.now();
  const day = now.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  const time = now.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  const when = `${day} at ${time} UTC`;
  const { client } = identity;
  return client ? `${when}, from the network address ${client.address}` : when;
}
