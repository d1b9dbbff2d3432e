import type { Config } from '#runtime/config/config.js';

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Returns which origins may call the API: the listed ones, without a list those of this machine. */
export function originRule({
  allowedOrigins,
  isProduction,
}: Pick<Config, 'allowedOrigins' | 'isProduction'>): (origin: string) => boolean {
  if (allowedOrigins.length > 0 || isProduction) return (origin) => allowedOrigins.includes(origin);
  return (origin) => LOOPBACK.test(origin);
}
