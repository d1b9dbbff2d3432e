globalThis.slowCases = 'alone';

await import('./services.integration.test.js');

export {};
