import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { domainAnswers } from './domain-answers.js';

const production = (domain: string, values = {}) => domainAnswers(domain, { values, isProduction: true });

describe('the addresses that follow from a domain', () => {
  it.each([
    ['metrics.acme.io', 'https://metrics.acme.io'],
    ['Metrics.Acme.io', 'https://metrics.acme.io'],
    ['metrics.acme.io:8443', 'https://metrics.acme.io:8443'],
    ['https://metrics.acme.io/', 'https://metrics.acme.io'],
    ['http://metrics.acme.io', 'http://metrics.acme.io'],
    ['localhost', 'http://localhost:8080'],
    ['localhost:3000', 'http://localhost:3000'],
    ['[::1]', 'http://[::1]:8080'],
    ['10.0.0.7', 'https://10.0.0.7'],
  ])('of %s are those of %s', (domain, address) => {
    expect(production(domain)).toEqual({ PUBLIC_URL: address, ALLOWED_ORIGINS: address });
  });

  it('of this machine have the port of the gateway', () => {
    expect(production('localhost', { PORT: '9000' }).PUBLIC_URL).toBe('http://localhost:9000');
  });

  it('are none for this machine outside production', () => {
    const answers = domainAnswers('localhost', { values: {}, isProduction: false });
    expect(answers).toEqual({ PUBLIC_URL: '', ALLOWED_ORIGINS: '' });
  });

  it('replace those of the domain before, and leave other origins', () => {
    const values = {
      PUBLIC_URL: 'https://old.acme.io',
      ALLOWED_ORIGINS: 'https://old.acme.io, https://app.acme.io',
    };
    expect(production('new.acme.io', values).ALLOWED_ORIGINS).toBe('https://new.acme.io,https://app.acme.io');
  });

  it.each(['', 'metrics.acme.io/path', 'two words', 'a,b', 'user@host', '-a.io', 'a..io', 'ftp://a.io', 'a.io:99999'])(
    'of "%s" are none',
    (domain) => {
      expect(() => production(domain)).toThrow(ConfigurationError);
    },
  );
});
