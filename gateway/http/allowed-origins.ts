import type { Config } from '#runtime/config/config.js';

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Returns whether an origin's pages may call the API: the listed ones, or any page of this machine when none is listed. */
export function originRule({ allowedOrigins, isProduction }: Config): (origin: string) => boolean {
  if (allowedOrigins.length > 0 || isProduction) return (origin) => allowedOrigins.includes(origin);
  return (origin) => LOOPBACK.test(origin);
}
