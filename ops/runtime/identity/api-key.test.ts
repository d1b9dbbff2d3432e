import { describe, expect, it } from '@jest/globals';
import { scrubText } from '#runtime/alerts/scrub.js';
import { redactText } from '#runtime/log/redact-text.js';
import { hashApiKey, isWellFormedApiKey, newApiKey, visiblePrefix } from './api-key.js';

describe('an API key', () => {
  it.each(['live', 'test'] as const)('of the kind %s has its prefix', (kind) => {
    const key = newApiKey(kind);
    expect(key).toMatch(new RegExp(`^wm_${kind}_[0-9A-Za-z]{49}$`));
    expect(isWellFormedApiKey(key)).toBe(true);
    expect(key.startsWith(visiblePrefix(key))).toBe(true);
    expect(visiblePrefix(key)).toHaveLength(14);
  });

  it('is random', () => {
    expect(new Set(Array.from({ length: 100 }, () => newApiKey('live'))).size).toBe(100);
  });

  it('is distinguished from a mistyped, shortened or invented one', () => {
    const key = newApiKey('live');
    const typo = key.slice(0, 20) + (key[20] === 'x' ? 'y' : 'x') + key.slice(21);
    const swapped = key.replace('wm_live_', 'wm_test_');
    for (const wrong of [
      typo,
      swapped,
      key.slice(0, -1),
      `${key}0`,
      `wm_live_${'0'.repeat(49)}`,
      'wm_live_',
      ' ',
      key.toLowerCase(),
    ]) {
      expect(isWellFormedApiKey(wrong)).toBe(false);
    }
  });

  it('is stored as its SHA-256', () => {
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('is redacted in logs and alerts', () => {
    for (const key of [newApiKey('live'), newApiKey('test')]) {
      const text = `the key ${key}, "${key}" and x=${key}`;
      for (const clean of [redactText(text), scrubText(text)]) {
        expect(clean).not.toContain(key.slice(8));
        expect(clean).toContain('[redacted]');
      }
    }
  });
});
