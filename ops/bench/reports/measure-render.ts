import { Writable } from 'node:stream';
import { openTaskDataset, readTask } from '#reporting/rendering/child-protocol.js';
import { fileFormatOf } from '#reporting/rendering/renderers.js';

// Renders one file from stdin as a process of the render host does, and says what it took: CPU seconds, and growth of memory.

const SAMPLE_MS = 20;

const task = await readTask(process.stdin);
const { format, presentation } = task;
const render = await fileFormatOf(format)?.load();
if (!render) throw new Error(`There is no format ${format}.`);
const { dataset } = await openTaskDataset(task);
let bytes = 0;
let tail = Buffer.alloc(0);
let pages = 0;
const output = new Writable({
  write(chunk: Buffer, _encoding, done) {
    bytes += chunk.length;
    if (format === 'pdf') {
      const text = Buffer.concat([tail, chunk]).toString('latin1');
      pages += text.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
      tail = Buffer.from(text.slice(-12), 'latin1');
    }
    done();
  },
});
const before = process.memoryUsage.rss();
let peak = before;
const sample = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, SAMPLE_MS);
await render(dataset, presentation, output);
clearInterval(sample);
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ bytes, pages, cpuSeconds: (user + system) / 1e6, growthBytes: peak - before }));
process.exit(0);
