/** Colours of who has none of their own. */
export const DEFAULT_COLORS = { primary: '#1a4fd6', accent: '#0b7a75' };

/** The contrasts with white that text and graphical objects need: WCAG 2.2, 1.4.3 and 1.4.11. */
export const CONTRAST = { primary: 4.5, accent: 3 };

/** `#rrggbb`, as it is stored. */
export const COLOR = /^#[0-9a-f]{6}$/;

const channelsOf = (color: string) => [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));

/** Returns the relative luminance of a colour, 0 to 1: WCAG 2.2. */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Returns the contrast of a colour, `#rrggbb`, with white: 1 to 21. */
export function contrastWithWhite(color: string): number {
  return 1.05 / (luminanceOf(color) + 0.05);
}

/** Returns the lightest shade of a colour, of the same hue, that has this contrast with white. */
export function shadeWithContrast(color: string, contrast: number): string {
  const channels = channelsOf(color);
  for (let step = 255; step > 0; step--) {
    const shade = `#${channels
      .map((channel) =>
        Math.floor((channel * step) / 255)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
    if (contrastWithWhite(shade) >= contrast) return shade;
  }
  return '#000000';
}
