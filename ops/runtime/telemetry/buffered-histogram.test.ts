import { expect, it } from '@jest/globals';
import { BufferedHistogram } from './buffered-histogram.js';
import { renderMetrics } from './metrics-route.js';

const linesOf = async (name: string) =>
  (await renderMetrics()).body.split('\n').filter((line) => line.startsWith(name));

it('counts each observation once, however often it is scraped', async () => {
  const times = new BufferedHistogram({
    name: 'test_waiting',
    help: 'Of a test.',
    labelNames: ['what', 'how'],
    buckets: [1, 10],
  });
  times.observe({ what: 'a', how: 'ok' }, 0.5);
  times.observe({ what: 'a', how: 'ok' }, 5);
  times.observe({ what: 'a', how: 'failed' }, 50);
  const lines = [
    'test_waiting_bucket{le="1",what="a",how="ok"} 1',
    'test_waiting_bucket{le="10",what="a",how="ok"} 2',
    'test_waiting_bucket{le="+Inf",what="a",how="ok"} 2',
    'test_waiting_sum{what="a",how="ok"} 5.5',
    'test_waiting_count{what="a",how="ok"} 2',
    'test_waiting_bucket{le="1",what="a",how="failed"} 0',
    'test_waiting_bucket{le="10",what="a",how="failed"} 0',
    'test_waiting_bucket{le="+Inf",what="a",how="failed"} 1',
    'test_waiting_sum{what="a",how="failed"} 50',
    'test_waiting_count{what="a",how="failed"} 1',
  ];
  expect(await linesOf('test_waiting')).toEqual(lines);
  expect(await linesOf('test_waiting')).toEqual(lines);
  for (let time = 0; time < 2_500; time += 1) times.observe({ what: 'a', how: 'ok' }, 0.5);
  expect(await linesOf('test_waiting_count')).toEqual([
    'test_waiting_count{what="a",how="ok"} 2502',
    'test_waiting_count{what="a",how="failed"} 1',
  ]);
  expect(await linesOf('test_waiting_sum{what="a",how="ok"}')).toEqual(['test_waiting_sum{what="a",how="ok"} 1255.5']);
  times.forget('how', 'ok');
  expect(await linesOf('test_waiting_count')).toEqual(['test_waiting_count{what="a",how="failed"} 1']);
});
