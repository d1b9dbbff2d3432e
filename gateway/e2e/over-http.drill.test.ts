globalThis.testedTransports = ['http'];
globalThis.slowCases = 'too';

// The end-to-end tests whose subgraphs may also be processes of their own.
for (const name of [
  'accounts',
  'api-keys',
  'audit',
  'entitlements',
  'erasure',
  'error-reports',
  'health',
  'idempotency',
  'invitation',
  'job-console',
  'my-data',
  'plan-limits',
  'sign-in-answers',
  'sign-in-limit',
  'sign-up-confirmation',
]) {
  await import(`./${name}.e2e.test.js`);
}
await import('./limited-members.drill.test.js');

export {};
