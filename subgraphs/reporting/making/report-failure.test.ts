import { describe, expect, it } from '@jest/globals';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { reportFailure } from './report-failure.js';

describe('reportFailure', () => {
  it.each(['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'RECONNECT_REQUIRED'])('gives up at once on %s', (code) => {
    const failure = reportFailure(new GraphRequestFailed('The provider said no.', code), 1);
    expect(failure).toEqual({ code, message: expect.stringMatching(/^The provider said no\. [A-Z].*again.*\.$/) });
  });

  it.each(['PROVIDER_UNAVAILABLE', 'RATE_LIMITED', 'SUBGRAPH_UNAVAILABLE'])(
    'retries nothing on %s: it was waited for',
    (code) => {
      const failure = reportFailure(new GraphRequestFailed('It is away', code), 1);
      expect(failure).toEqual({ code, message: 'It is away. Order the report again later.' });
    },
  );

  it('does not reveal internal errors', () => {
    const error = new Error('relation "secret" does not exist');
    expect(reportFailure(error, 5)).toBeNull();
    expect(reportFailure(error, 6)).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'The report could not be made. Order the report again later.',
    });
  });

  it('gives up on a report that killed its workers repeatedly', () => {
    expect(reportFailure(new Error('Six workers have vanished'), 7)).not.toBeNull();
  });
});
