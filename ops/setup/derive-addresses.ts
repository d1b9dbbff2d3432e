import { ConfigurationError } from '#runtime/errors.js';

/** What follows from the domain of an installation. */
export interface Addresses {
  publicUrl: string;
  /** Whether only this machine can reach it. */
  isLocal: boolean;
}

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Returns the addresses that follow from a domain: `metrics.example.com`, with `https://` or `http://` in front or a port
 * behind, or `localhost`. Only this machine itself is reached without TLS unless told otherwise.
 * Throws ConfigurationError when it is none.
 */
export function deriveAddresses(domain: string, port: string): Addresses {
  const [, scheme, host = ''] = /^(https?:\/\/)?(.*?)\/?$/i.exec(domain.trim()) ?? [];
  const isParsed = HOST.test(host) && URL.canParse(`https://${host}`);
  if (!isParsed) {
    throw new ConfigurationError('The domain must look like metrics.example.com, without a path, or be localhost.');
  }
  const isLocal = LOCAL.test(new URL(`http://${host}`).hostname);
  if (scheme) return { publicUrl: new URL(scheme + host).origin, isLocal };
  if (!isLocal) return { publicUrl: new URL(`https://${host}`).origin, isLocal };
  const hasPort = /:\d+$/.test(host.replace(/\[.*\]/, ''));
  return { publicUrl: new URL(`http://${host}${hasPort ? '' : `:${port}`}`).origin, isLocal };
}
