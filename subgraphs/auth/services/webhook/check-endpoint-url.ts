import type { ServiceContext } from '#auth/context.js';
import { InvalidInput } from '#runtime/errors.js';
import { AddressGuard } from '#runtime/webhooks/address-guard.js';
import { checkWebhookUrl, findUnreachable } from '#runtime/webhooks/check-url.js';

/** Throws InvalidInput for a URL that webhooks cannot be sent to. */
export async function checkEndpointUrl({ services }: ServiceContext, { url }: { url: string }): Promise<void> {
  const guard = new AddressGuard(services.config.webhookNetworks);
  const problem = checkWebhookUrl(url, guard) ?? (await findUnreachable(url, guard));
  if (problem) throw new InvalidInput([{ argument: 'url', problem }]);
}
