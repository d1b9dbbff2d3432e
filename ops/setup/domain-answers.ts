import type { Environment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';

interface Addresses {
  publicUrl: string;
  isLocal: boolean;
}

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Returns a domain's addresses; scheme and port are optional. Only local ones default to http. Throws
 * ConfigurationError for an invalid domain.
 */
function deriveAddresses(domain: string, port: string): Addresses {
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

/**
 * Returns the variables of the domain, keeping other allowed origins. A local one outside production needs none. Throws
 * ConfigurationError for an invalid domain.
 */
export function domainAnswers(domain: string, known: { values: Environment; isProduction: boolean }): Environment {
  const { values, isProduction } = known;
  const { publicUrl, isLocal } = deriveAddresses(domain, values.PORT || '8080');
  const allowed = (values.ALLOWED_ORIGINS ?? '').split(',').flatMap((origin) => origin.trim() || []);
  const others = allowed.filter((origin) => origin !== values.PUBLIC_URL && origin !== publicUrl);
  if (isLocal && !isProduction) return { PUBLIC_URL: '', ALLOWED_ORIGINS: others.join(',') };
  return { PUBLIC_URL: publicUrl, ALLOWED_ORIGINS: [publicUrl, ...others].join(',') };
}
