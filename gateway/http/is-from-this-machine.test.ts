import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { isFromThisMachine } from './is-from-this-machine.js';

const request = (remoteAddress: string | undefined, headers: Record<string, string>) =>
  isFromThisMachine({ socket: { remoteAddress }, headers } as unknown as FastifyRequest);

describe('a request from this machine', () => {
  it.each([
    ['127.0.0.1', 'localhost:8080'],
    ['::ffff:127.0.0.1', '127.0.0.1:8080'],
    ['::1', '[::1]:8080'],
  ])('comes from %s for %s', (address, host) => {
    expect(request(address, { host })).toBe(true);
  });

  it.each<[string, string | undefined, Record<string, string>]>([
    ['from another machine', '192.0.2.1', { host: 'localhost:8080' }],
    ['from an address of IPv6 that begins like one', '::ffff:192.0.2.1', { host: 'localhost' }],
    ['for another name, which a page made resolve to this machine', '127.0.0.1', { host: 'evil.example.com' }],
    ['for a name that begins like one', '127.0.0.1', { host: '127.0.0.1.evil.example.com' }],
    ['for no name', '127.0.0.1', {}],
    ['through a proxy on this machine', '127.0.0.1', { host: 'localhost', 'x-forwarded-for': '192.0.2.1' }],
    ['through a proxy that says so otherwise', '127.0.0.1', { host: 'localhost', forwarded: 'for=192.0.2.1' }],
    ['over a connection that has ended', undefined, { host: 'localhost' }],
  ])('is none that came %s', (_how, address, headers) => {
    expect(request(address, headers)).toBe(false);
  });
});
