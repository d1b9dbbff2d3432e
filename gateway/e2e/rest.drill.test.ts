globalThis.slowCases = 'too';

const { describeRest } = await import('./describe-rest.js');
describeRest('http');

export {};
