// The slow case goes on with the days that the others have copied.
globalThis.slowCases = 'too';

await import('./places.integration.test.js');

export {};
