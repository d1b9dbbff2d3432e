interface MediaRange {
  type: string;
  quality: number;
}

function rangesIn(accept: string): MediaRange[] {
  return accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
}

/** The most specific range that matches decides (RFC 9110, section 12.5.1). */
function qualityOf(type: string, ranges: MediaRange[]): number {
  const group = `${type.split('/')[0]}/*`;
  for (const pattern of [type, group, '*/*']) {
    const range = ranges.find((one) => one.type === pattern);
    if (range) return range.quality;
  }
  return 0;
}

/** Returns the media type that an `Accept` header prefers, the first of equal ones; undefined when it allows none. */
export function preferredType(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = rangesIn(accept);
  const rated = offered.map((type) => ({ type, quality: qualityOf(type, ranges) }));
  const best = Math.max(...rated.map(({ quality }) => quality));
  return best > 0 ? rated.find(({ quality }) => quality === best)?.type : undefined;
}
