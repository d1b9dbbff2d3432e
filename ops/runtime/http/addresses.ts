import { networkInterfaces } from 'node:os';

type Interfaces = ReturnType<typeof networkInterfaces>;

/** Returns the loopback address: 127.0.0.1, or ::1 on a machine that has no other. */
export function loopbackAddress(interfaces: Interfaces = networkInterfaces()): '127.0.0.1' | '::1' {
  const internal = Object.values(interfaces).flatMap((addresses = []) => addresses.filter((each) => each.internal));
  return internal.length > 0 && internal.every(({ family }) => family === 'IPv6') ? '::1' : '127.0.0.1';
}

/** Returns the address for `localhost`, which hosts files give 127.0.0.1 even where there is no such address. */
export function listeningHost(host: string, loopback = loopbackAddress()): string {
  return host === 'localhost' && loopback === '::1' ? loopback : host;
}

/** Returns a host as it stands in a URL: IPv6 addresses in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Returns the URL at which this machine reaches its server on `host` and `port`. */
export function localUrl(host: string, port: number, loopback = loopbackAddress()): string {
  const isAny = host === '' || host === '0.0.0.0' || host === '::';
  const isLoopback = isAny || host === 'localhost' || host.startsWith('127.');
  const shown = isLoopback ? (loopback === '::1' ? loopback : 'localhost') : host;
  return `http://${urlHost(shown)}:${port}`;
}
