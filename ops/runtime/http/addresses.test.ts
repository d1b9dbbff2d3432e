import { describe, expect, it } from '@jest/globals';
import { listeningHost, localUrl, loopbackAddress } from './addresses.js';

const address = (family: 'IPv4' | 'IPv6', internal: boolean) => ({ family, internal }) as never;

describe('the loopback address', () => {
  it.each([
    ['both', [address('IPv4', true), address('IPv6', true)], '127.0.0.1'],
    ['IPv4 only', [address('IPv4', true)], '127.0.0.1'],
    ['IPv6 only', [address('IPv6', true)], '::1'],
    ['none', [], '127.0.0.1'],
  ])('of a machine with %s', (_what, lo, expected) => {
    expect(loopbackAddress({ lo, eth0: [address('IPv6', false), address('IPv4', false)] })).toBe(expected);
  });

  it('replaces localhost where there is no 127.0.0.1', () => {
    expect(listeningHost('localhost', '::1')).toBe('::1');
    expect(listeningHost('localhost', '127.0.0.1')).toBe('localhost');
    expect(listeningHost('0.0.0.0', '::1')).toBe('0.0.0.0');
  });
});

it.each([
  ['localhost', '127.0.0.1', 'http://localhost:8080'],
  ['0.0.0.0', '127.0.0.1', 'http://localhost:8080'],
  ['::', '127.0.0.1', 'http://localhost:8080'],
  ['::', '::1', 'http://[::1]:8080'],
  ['::1', '127.0.0.1', 'http://[::1]:8080'],
  ['fd00::7', '127.0.0.1', 'http://[fd00::7]:8080'],
  ['192.168.1.7', '127.0.0.1', 'http://192.168.1.7:8080'],
] as const)('a server on %s, with the loopback address %s, is reached at %s', (host, loopback, url) => {
  expect(localUrl(host, 8080, loopback)).toBe(url);
});
