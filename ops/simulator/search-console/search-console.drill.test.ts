globalThis.slowCases = 'alone';

await import('./search-console.integration.test.js');

export {};
