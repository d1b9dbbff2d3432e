globalThis.slowCases = 'alone';

await import('./schedules.integration.test.js');

export {};
