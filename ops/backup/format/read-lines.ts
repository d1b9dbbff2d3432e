const NEWLINE = 0x0a;

/** Yields the lines of a text in groups, without their line breaks. A last line that has none is yielded as it is, with `isCutOff`. */
export async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<{ lines: string[]; isCutOff: boolean }> {
  let waiting: Buffer[] = [];
  for await (const chunk of bytes) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      waiting.push(chunk);
      continue;
    }
    const whole = Buffer.concat([...waiting, chunk.subarray(0, end)]).toString();
    waiting = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield { lines: whole.split('\n'), isCutOff: false };
  }
  if (waiting.length > 0) yield { lines: [Buffer.concat(waiting).toString()], isCutOff: true };
}
