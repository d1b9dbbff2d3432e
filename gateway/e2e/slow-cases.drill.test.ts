globalThis.slowCases = 'alone';

for (const name of ['cost.e2e', 'entitlements.e2e', 'rate-limit.e2e', 'rest.e2e']) {
  await import(`./${name}.test.js`);
}

export {};
