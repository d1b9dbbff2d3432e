import type { Environment } from '#runtime/config/config.js';
import { deriveAddresses } from './derive-addresses.js';

/**
 * Returns the variables that follow from the domain. Other origins that were allowed stay so; the one of the domain before
 * goes. Nothing follows from this machine itself outside production, where any of its pages may call and its address is
 * known. Throws ConfigurationError when it is not a domain.
 */
export function domainAnswers(domain: string, known: { values: Environment; isProduction: boolean }): Environment {
  const { values, isProduction } = known;
  const { publicUrl, isLocal } = deriveAddresses(domain, values.PORT || '8080');
  const allowed = (values.ALLOWED_ORIGINS ?? '').split(',').flatMap((origin) => origin.trim() || []);
  const others = allowed.filter((origin) => origin !== values.PUBLIC_URL && origin !== publicUrl);
  if (isLocal && !isProduction) return { PUBLIC_URL: '', ALLOWED_ORIGINS: others.join(',') };
  return { PUBLIC_URL: publicUrl, ALLOWED_ORIGINS: [publicUrl, ...others].join(',') };
}
