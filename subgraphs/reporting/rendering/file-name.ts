/** What file systems refuse or take for a path, and what would show the name in another order than it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
const UNSAFE = /[\\/:*?"<>|\u0000-\u001f\u007f-\u009f]+/g;
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** File systems allow 255 with the ending. */
const MAX_BYTES = 200;

function shortened(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > MAX_BYTES) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** Returns the name under which a report is saved, in the script of its title. */
export function fileNameOf(title: string, format: string): string {
  const name = shortened(title.normalize('NFC').replace(INVISIBLE, '').replace(UNSAFE, '-'))
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '');
  return `${name || 'report'}.${format}`;
}
