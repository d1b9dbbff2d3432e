globalThis.usersAtOnce = 50;

await import('./call-counts.integration.test.js');

export {};
