import { describe, expect, it } from '@jest/globals';
import { MAX_VALUE_LENGTH, MemoryStore } from './memory-store.js';

describe('the store in memory', () => {
  it('keeps within its bytes, counting wide characters twice and small entries in full', async () => {
    for (const value of ['', 'x'.repeat(1_000), '漢'.repeat(1_000)]) {
      const store = new MemoryStore(1_000_000);
      const before = process.memoryUsage().heapUsed;
      for (let index = 0; index < 20_000; index += 1) store.set(`key ${index}`, value + index, 60_000);
      expect(store.bytes).toBeLessThanOrEqual(1_000_000);
      expect(store.bytes).toBeGreaterThan(900_000);
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(64_000_000);
    }
    const wide = new MemoryStore();
    wide.set('a', '漢'.repeat(1_000));
    expect(wide.bytes).toBeGreaterThan(2_000);
  });

  it('keeps no value that would displace those of all others, nor the one it replaces', async () => {
    const store = new MemoryStore();
    store.set('other', 'kept');
    store.set('long', 'short');
    store.set('long', 'x'.repeat(MAX_VALUE_LENGTH + 1));
    expect([await store.get('long'), await store.get('other')]).toEqual([undefined, 'kept']);
  });
});
