globalThis.slowCases = 'alone';

await import('./rates.integration.test.js');

export {};
