import { encode } from 'uqr';

/** Around a code is nothing, four modules wide (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** A text as a QR code, with a name for screen readers. Elements only: the page's Content-Security-Policy allows no inline styles. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')));
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={dark.join('')} />
    </svg>
  );
}
