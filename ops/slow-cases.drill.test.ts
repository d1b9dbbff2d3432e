globalThis.slowCases = 'alone';

for (const name of [
  'runtime/cache/resilient-store.integration',
  'runtime/mail/mail.integration',
  'simulator/data/figures',
]) {
  await import(`./${name}.test.js`);
}

export {};
