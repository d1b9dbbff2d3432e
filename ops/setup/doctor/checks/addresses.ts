import { beforeGoLive, type Check, type CheckContext, isLoopback } from '#ops/setup/doctor/check.js';
import { type Finding, ok } from '#ops/setup/doctor/finding.js';
import { localUrl } from '#runtime/http/addresses.js';
import { AddressGuard } from '#runtime/webhooks/address-guard.js';

function publicUrl(context: CheckContext): Finding {
  const { publicUrl: url, host, port } = context.config;
  if (!url) {
    const message = `PUBLIC_URL is not set: consents and links lead to ${localUrl(host, port)}`;
    return context.isProduction
      ? beforeGoLive(context, message, 'Set PUBLIC_URL to where people reach the gateway.')
      : ok(`People reach it at ${localUrl(host, port)}`);
  }
  if (!context.isProduction) return ok(`People reach it at ${url}`);
  if (isLoopback(url)) {
    const message = `PUBLIC_URL is ${url}, which no other machine can reach`;
    return beforeGoLive(context, message, 'Set PUBLIC_URL to where people reach the gateway.');
  }
  if (!url.startsWith('https:')) {
    const message = `PUBLIC_URL is ${url}: tokens and passwords travel unencrypted`;
    return beforeGoLive(context, message, 'Put TLS in front of the gateway, and https:// in PUBLIC_URL.');
  }
  return ok(`People reach it at ${url}`);
}

function origins(context: CheckContext): Finding[] {
  const { allowedOrigins } = context.config;
  if (allowedOrigins.length === 0) return context.isProduction ? [] : [ok('Any page of this machine may call the API')];
  const open = allowedOrigins.filter((origin) => !origin.startsWith('https:'));
  if (open.length > 0 && context.isProduction) {
    const message = `Pages without https may call the API: ${open.join(', ')}`;
    return [beforeGoLive(context, message, 'Take them out of ALLOWED_ORIGINS, or serve them by https.')];
  }
  return [ok(`Pages that may call the API: ${allowedOrigins.join(', ')}`)];
}

/** Addresses that no webhook should reach: of this machine, and of the metadata of clouds. */
const SENSITIVE = ['127.0.0.1', '::1', '169.254.169.254', '168.63.129.16', 'fd00:ec2::254'];

/** Returns whether webhooks reach what only this machine, or its cloud, should. */
export function webhooks(context: CheckContext): Finding[] {
  const { webhookNetworks } = context.config;
  const guard = new AddressGuard(webhookNetworks);
  const open = SENSITIVE.filter((address) => guard.mayReach(address, { isInside: true }));
  if (!context.isProduction || open.length === 0) return [];
  const message = `Webhooks of customers can reach ${open.join(', ')}: services of this machine, or secrets of its cloud`;
  return [beforeGoLive(context, message, 'Name only the networks of receivers in WEBHOOK_ALLOWED_NETWORKS.')];
}

export const addresses: Check = {
  name: 'Addresses',
  run: async (context) => [publicUrl(context), ...origins(context), ...webhooks(context)],
};
