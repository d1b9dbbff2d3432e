globalThis.slowCases = 'too';

const { describeJourney } = await import('./describe-journey.js');
describeJourney('in-process');
describeJourney('http');

export {};
