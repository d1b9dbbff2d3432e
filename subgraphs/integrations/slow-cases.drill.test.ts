globalThis.slowCases = 'alone';

for (const name of [
  'analytics.integration',
  'copy-history.integration',
  'history.integration',
  'performance-breakdown.integration',
  'performance.integration',
  'providers/linkedin-ads/linkedin-ads.integration',
  'rotation.integration',
  'search-queries.integration',
]) {
  await import(`./${name}.test.js`);
}

export {};
