globalThis.slowCases = 'alone';

await import('./report-files.integration.test.js');

export {};
