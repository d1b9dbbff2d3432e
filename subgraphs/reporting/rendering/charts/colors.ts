import type { Branding } from '#reporting/rendering/renderer.js';

// After the two colours of the branding: distinguishable for people who do not see all colours (Okabe and Ito, 2008), readable on white.
const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#3f8fc4', '#7a4fa3', '#5a5a5a'];
/** Of what stands for all beyond the first ones. */
export const OTHERS_COLOR = '#9aa5b1';
const LEAST_DISTANCE = 90;

const channelsOf = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

function distanceOf(color: string, other: string): number {
  const channels = channelsOf(other);
  return Math.hypot(...channelsOf(color).map((value, index) => value - (channels[index] ?? 0)));
}

/** Returns a colour for each series or slice of a chart, the same in every file. */
export function chartColors(
  labels: readonly { isOthers: boolean }[],
  { primaryColor, accentColor }: Pick<Branding, 'primaryColor' | 'accentColor'>,
): string[] {
  const own = [primaryColor, accentColor];
  const palette = [
    ...own,
    ...PALETTE.filter((color) => own.every((other) => distanceOf(color, other) > LEAST_DISTANCE)),
  ];
  return labels.map((label, index) => (label.isOthers ? OTHERS_COLOR : (palette[index % palette.length] as string)));
}
