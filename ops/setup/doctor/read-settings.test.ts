import { expect, it } from '@jest/globals';
import { readSettings } from './read-settings.js';

it('readSettings returns every problem and the valid settings', () => {
  const { problems, config } = readSettings(
    { NODE_ENV: 'production', PORT: 'http', REDIS_URL: 'redis://cache', SUBGRAPH_BILING_URL: 'http://b/graphql' },
    ['auth', 'billing'],
  );
  expect(problems.map(({ argument }) => argument).sort()).toEqual(
    ['SUBGRAPH_BILING_URL', 'PORT', 'JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL', 'ALLOWED_ORIGINS'].sort(),
  );
  expect(config).toMatchObject({ redisUrl: 'redis://cache', port: 8080, subgraphUrls: {} });
});

it('readSettings returns no problems for valid settings', () => {
  expect(readSettings({ PORT: '9000' }, [])).toMatchObject({ problems: [], config: { port: 9000 } });
});
