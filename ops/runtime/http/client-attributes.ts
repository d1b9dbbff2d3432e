import type { Attributes } from '@opentelemetry/api';

/**
 * Returns what OpenTelemetry's conventions require of the span of an HTTP request that is sent. Of the URL neither its query nor
 * credentials are part, nor its path where that is a secret.
 */
export function clientAttributes(method: string, url: string, hasSecretPath = false): Attributes {
  const { origin, hostname, port, protocol, pathname } = new URL(url);
  return {
    'http.request.method': method,
    // An IPv6 address without brackets.
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': port ? Number(port) : protocol === 'https:' ? 443 : 80,
    'url.full': hasSecretPath ? origin : origin + pathname,
    'url.path': hasSecretPath ? undefined : pathname,
  };
}
