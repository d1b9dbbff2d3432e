globalThis.slowCases = 'alone';

await import('./backup.integration.test.js');

export {};
