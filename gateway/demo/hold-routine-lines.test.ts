import { describe, expect, it } from '@jest/globals';
import { createLogger } from '#runtime/log/logger.js';
import { holdRoutineLines } from './hold-routine-lines.js';

describe('holding routine log lines', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line).msg) };
  const logger = createLogger({ level: 'info', isPretty: false, destination });

  it('drops info and audit lines, and warnings beyond the first eight, until it is released', () => {
    let cleared = 0;
    const release = holdRoutineLines(logger, () => {
      cleared += 1;
    });
    logger.info('info');
    logger.audit('audit');
    for (let count = 1; count <= 10; count += 1) logger.warn(`warning ${count}`);
    logger.error('error');
    expect(lines).toEqual(Array.from({ length: 8 }, (_, index) => `warning ${index + 1}`));
    expect(cleared).toBe(8);
    release();
    logger.info('info');
    logger.audit('audit');
    expect(lines.slice(8)).toEqual(['Further warnings and errors dropped', 'info', 'audit']);
  });
});
