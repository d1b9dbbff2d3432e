globalThis.slowCases = 'alone';

await import('./google-analytics.integration.test.js');

export {};
