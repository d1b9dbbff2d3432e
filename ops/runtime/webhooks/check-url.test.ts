import { createSocket } from 'node:dgram';
import { promises } from 'node:dns';
import { once } from 'node:events';
import type { LookupFunction } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { AddressGuard } from './address-guard.js';
import { checkWebhookUrl, findUnreachable } from './check-url.js';
import { dnsLookup } from './dns-lookup.js';

/** Resolves every name to these addresses. */
const resolvingTo = (...addresses: string[]): LookupFunction =>
  ((_name, _options, callback) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as LookupFunction;

const production = new AddressGuard([], resolvingTo('93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'));
const development = new AddressGuard(['127.0.0.0/8', '::1/128'], resolvingTo('127.0.0.1', '::1'));
const intranet = new AddressGuard(['10.20.0.0/16', 'fd00:20::/32'], resolvingTo('10.20.3.4'));

describe('the URL of a webhook', () => {
  it.each([
    'https://example.com/hooks?source=webmetrics',
    'https://example.com:8443/',
    'https://münchen.example/ü',
    'https://93.184.215.14/',
    'https://[::ffff:93.184.215.14]/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
  ])('is accepted: %s', async (url) => {
    expect(checkWebhookUrl(url, production)).toBeNull();
    expect(await findUnreachable(url, production)).toBeNull();
  });

  it.each([
    ['http://example.com/', 'must be an https URL'],
    ['ftp://example.com/', 'must be an https URL'],
    ['javascript:alert(1)', 'must be an https URL'],
    ['example.com', 'must be a URL'],
    ['', 'must be a URL'],
    [' https://example.com/', 'must be a URL'],
    ['https://example.com/\nhooks', 'must be a URL'],
    [`https://example.com/${'a'.repeat(2_048)}`, 'at most 2048 characters'],
    ['https://user:password@example.com/', 'user name or password'],
    ['https://user@example.com/', 'user name or password'],
    ['https://example.com/#hooks', 'fragment'],
    ['https://example.com:22/', 'port'],
    ['https://example.com:6379/', 'port'],
    ['https://93.184.215.14:5432/', 'port'],
    ['https://localhost/', 'public host name'],
    ['https://LOCALHOST/', 'public host name'],
    ['https://localhost./', 'public host name'],
    ['https://example.com./', 'public host name'],
    ['https://api.localhost/', 'public host name'],
    ['https://metadata.google.internal/', 'public host name'],
    ['https://printer.local/', 'public host name'],
    ['https://router.home.arpa/', 'public host name'],
    ['https://postgres/', 'public host name'],
    ['https://127.0.0.1/', 'private, local or reserved'],
    ['https://127.1/', 'private, local or reserved'],
    ['https://2130706433/', 'private, local or reserved'],
    ['https://0x7f000001/', 'private, local or reserved'],
    ['https://0177.0.0.1/', 'private, local or reserved'],
    ['https://１２７.0.0.1/', 'private, local or reserved'],
    ['https://0/', 'private, local or reserved'],
    ['https://10.1.2.3/', 'private, local or reserved'],
    ['https://172.31.255.255/', 'private, local or reserved'],
    ['https://192.168.0.1/', 'private, local or reserved'],
    ['https://169.254.169.254/latest/meta-data', 'private, local or reserved'],
    ['https://100.64.0.1/', 'private, local or reserved'],
    ['https://198.18.0.1/', 'private, local or reserved'],
    ['https://224.0.0.1/', 'private, local or reserved'],
    ['https://255.255.255.255/', 'private, local or reserved'],
    ['https://168.63.129.16/', 'private, local or reserved'],
    ['https://[::]/', 'private, local or reserved'],
    ['https://[::1]/', 'private, local or reserved'],
    ['https://[::127.0.0.1]/', 'private, local or reserved'],
    ['https://[::ffff:127.0.0.1]/', 'private, local or reserved'],
    ['https://[::ffff:a9fe:a9fe]/', 'private, local or reserved'],
    ['https://[64:ff9b::7f00:1]/', 'private, local or reserved'],
    ['https://[64:ff9b:1::a9fe:a9fe]/', 'private, local or reserved'],
    ['https://[2002:7f00:1::]/', 'private, local or reserved'],
    ['https://[2001:0:7f00:1::]/', 'private, local or reserved'],
    ['https://[fe80::1]/', 'private, local or reserved'],
    ['https://[fec0::1]/', 'private, local or reserved'],
    ['https://[fd00:ec2::254]/', 'private, local or reserved'],
    ['https://[ff02::1]/', 'private, local or reserved'],
    ['https://[::ffff:0:a9fe:a9fe]/', 'private, local or reserved'],
    ['https://[200::1]/', 'private, local or reserved'],
    ['https://[4000::1]/', 'private, local or reserved'],
    ['https://[fe00::1]/', 'private, local or reserved'],
  ])('is refused: %s', (url, problem) => {
    expect(checkWebhookUrl(url, production)).toContain(problem);
  });

  it.each([
    ['10.0.0.1'],
    ['93.184.215.14', '127.0.0.1'],
    ['::ffff:169.254.169.254'],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', 'fd00::1'],
    ['64:ff9b::a9fe:a9fe'],
    ['::ffff:0:169.254.169.254'],
    ['not an address'],
    [],
  ])('is refused when its name resolves to %s %s', async (...addresses) => {
    const guard = new AddressGuard([], resolvingTo(...(addresses as string[])));
    expect(await findUnreachable('https://example.com/', guard)).toContain('must not resolve to');
  });

  it('is refused when its name does not resolve', async () => {
    const guard = new AddressGuard([], ((_name, _options, callback) => {
      callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), '');
    }) as LookupFunction);
    expect(await findUnreachable('https://example.com/', guard)).toBe('must have a host name that resolves');
  });

  it.each(['http://localhost:3000/hooks', 'http://127.0.0.1:3000/', 'http://[::1]:3000/', 'https://localhost/'])(
    'may be of this machine in development: %s',
    async (url) => {
      expect(checkWebhookUrl(url, development)).toBeNull();
      expect(await findUnreachable(url, development)).toBeNull();
    },
  );

  it('may be of a network the operator allows, by name or address, and of no other', async () => {
    for (const url of [
      'http://hooks.corp.example:3000/',
      'https://hooks.internal/',
      'http://10.20.1.1/',
      'http://[fd00:20::1]/',
    ]) {
      expect([url, checkWebhookUrl(url, intranet), await findUnreachable(url, intranet)]).toEqual([url, null, null]);
    }
    expect(checkWebhookUrl('http://10.21.1.1/', intranet)).toBe('must be an https URL');
    expect(checkWebhookUrl('https://10.21.1.1/', intranet)).toContain('private, local or reserved');
    // A public host gets no plain HTTP by that, and no other ports.
    const outside = new AddressGuard(['10.20.0.0/16'], resolvingTo('93.184.215.14'));
    expect(await findUnreachable('http://example.com/', outside)).toBe('must be an https URL');
    expect(await findUnreachable('https://example.com:22/', outside)).toBe('must have the port 443 or 8443');
    expect(await findUnreachable('https://example.com/', outside)).toBeNull();
  });
});

describe('the lookup of a connection', () => {
  it('answers in both forms of dns.lookup', async () => {
    const lookup = production.lookupFor({ isInside: false });
    const answers: unknown[] = [];
    lookup('example.com', { all: true }, (...answer) => answers.push(answer));
    lookup('example.com', {}, (...answer) => answers.push(answer));
    expect(answers).toEqual([
      [
        null,
        [expect.objectContaining({ address: '93.184.215.14', family: 4 }), expect.objectContaining({ family: 6 })],
      ],
      [null, '93.184.215.14', 4],
    ]);
  });
});

describe('a lookup by name servers', () => {
  const answering = (answers: Record<string, string[]>) =>
    dnsLookup(() => {
      const read = (type: string) => async () => answers[type] ?? Promise.reject(new Error(`no ${type}`));
      return { resolve4: read('A'), resolve6: read('AAAA') } as never;
    });

  it.each([
    [{ A: ['93.184.215.14'], AAAA: ['2606:2800::1'] }, null],
    [{ A: ['93.184.215.14'] }, null],
    [{ AAAA: ['2606:2800::1'] }, null],
    [{ A: ['93.184.215.14'], AAAA: ['::1'] }, 'must not resolve to'],
    [{}, 'must have a host name that resolves'],
  ])('takes the addresses of both kinds: %j', async (answers, problem) => {
    const found = await findUnreachable('https://example.com/', new AddressGuard([], answering(answers)));
    if (problem) expect(found).toContain(problem);
    else expect(found).toBeNull();
  });

  it('ends although the name server is silent', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const resolver = new promises.Resolver({ timeout: 50, tries: 1 });
    resolver.setServers([`127.0.0.1:${silent.address().port}`]);
    const guard = new AddressGuard(
      [],
      dnsLookup(() => resolver),
    );
    const names = Array.from({ length: 40 }, (_, index) => `https://hooks${index}.example.com/`);
    const found = await Promise.all(names.map((url) => findUnreachable(url, guard)));
    expect(new Set(found)).toEqual(new Set(['must have a host name that resolves']));
    silent.close();
  });
});
