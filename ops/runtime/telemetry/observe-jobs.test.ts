import { afterEach, describe, expect, it } from '@jest/globals';
import { renderMetrics } from './metrics-route.js';
import { observeJob, watchQueue } from './observe-jobs.js';

/** The lines of a metric about jobs of this test: other tests of the worker share the registry. */
const linesOf = async (name: string) => {
  const { body } = await renderMetrics();
  return body
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes('job="test.') && !line.includes('_bucket'));
};

describe('the metrics of jobs', () => {
  afterEach(() => watchQueue(undefined));

  it('count runs by how they ended', async () => {
    observeJob('test.reports', 'done', 2);
    observeJob('test.reports', 'done', 3);
    observeJob('test.reports', 'dead', 1);
    expect(await linesOf('webmetrics_job_duration_seconds')).toEqual([
      'webmetrics_job_duration_seconds_sum{job="test.reports",outcome="done"} 5',
      'webmetrics_job_duration_seconds_count{job="test.reports",outcome="done"} 2',
      'webmetrics_job_duration_seconds_sum{job="test.reports",outcome="dead"} 1',
      'webmetrics_job_duration_seconds_count{job="test.reports",outcome="dead"} 1',
    ]);
  });

  it('show the queue, read once per scrape', async () => {
    let reads = 0;
    watchQueue(async () => {
      reads += 1;
      const oldestWaitingSince = new Date(Date.now() - 60_000);
      return [
        { name: 'test.reports', waiting: 3, running: 1, dead: 0, oldestWaitingSince },
        { name: 'test.trim', waiting: 1, running: 0, dead: 2 },
      ];
    });
    const lines = await linesOf('webmetrics_job_queue');
    expect(reads).toBe(1);
    expect(lines).toEqual([
      'webmetrics_job_queue_jobs{job="test.reports",state="waiting"} 3',
      'webmetrics_job_queue_jobs{job="test.reports",state="running"} 1',
      'webmetrics_job_queue_jobs{job="test.reports",state="dead"} 0',
      'webmetrics_job_queue_jobs{job="test.trim",state="waiting"} 1',
      'webmetrics_job_queue_jobs{job="test.trim",state="running"} 0',
      'webmetrics_job_queue_jobs{job="test.trim",state="dead"} 2',
      expect.stringMatching(/^webmetrics_job_queue_oldest_waiting_seconds{job="test.reports"} 6\d(\.\d+)?$/),
      'webmetrics_job_queue_oldest_waiting_seconds{job="test.trim"} 0',
    ]);
  });

  it('show nothing of a queue that cannot be read', async () => {
    watchQueue(() => Promise.reject(new Error('away')));
    expect(await linesOf('webmetrics_job_queue')).toEqual([]);
  });
});
