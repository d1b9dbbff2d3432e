import { COLOR, DEFAULT_COLORS } from '#reporting/branding/colors.js';
import type { Branding } from '#reporting/rendering/renderer.js';

/** Logical properties, so that one sheet serves both directions. */
const STYLE = `
:root{color-scheme:light dark;--page:#f4f5f8;--text:#17202e;--card:#fff;--line:#d5dae2;--faint:#566072;--alert:#a3201d}
@media (prefers-color-scheme:dark){:root{--page:#10151f;--text:#e6eaf1;--card:#19202d;--line:#3a4558;--faint:#a3aec0;--alert:#ff9d99}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,"Noto Sans","Noto Naskh Arabic",sans-serif}
main,header,footer{max-width:72rem;margin-inline:auto;padding-inline:1.25rem}
header{padding-block:1.5rem 0}
.bar{height:6px;background:var(--primary)}
.brand{display:flex;align-items:center;gap:1rem;flex-wrap:wrap;color:var(--faint);overflow-wrap:anywhere}
.logo{display:block;max-width:14rem;max-height:4rem;background:#fff;padding:.35rem;border-radius:6px}
h1{margin-block:.75rem;font-size:1.7rem;line-height:1.25;overflow-wrap:anywhere}
h2{margin-block:0 .75rem;font-size:1.2rem;overflow-wrap:anywhere;border-inline-start:4px solid var(--accent);padding-inline-start:.6rem}
h3{margin-block:1.25rem .25rem;font-size:1rem}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin-block:.5rem 1rem}
dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}
dl.facts dt{grid-column:1}dl.facts dd{grid-column:2}
.files{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin-block:1rem 0}
.files a,button{display:inline-block;padding:.55rem 1rem;border:0;border-radius:8px;background:var(--primary);color:#fff;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem;margin-block:1.25rem;min-width:0}
.note{color:var(--faint);font-size:.9rem;overflow-wrap:anywhere}
.text{white-space:pre-wrap;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.75rem;margin:0 0 1rem}
.tiles div{border:1px solid var(--line);border-radius:10px;padding:.75rem;min-width:0}
.tiles dd.value{font-size:1.35rem;font-weight:650}
.tiles dd.more{color:var(--faint);font-size:.875rem}
figure{margin:0 0 1.25rem}
figcaption{font-weight:600;margin-block-end:.5rem;overflow-wrap:anywhere}
figure .wide{max-width:52rem;background:#fff;border-radius:8px;padding:.25rem}
figure .wide svg{display:block;width:100%;min-width:34rem;height:auto}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.875rem;min-width:100%}
th,td{padding:.4rem .6rem;border-block-end:1px solid var(--line);text-align:start;vertical-align:top;max-width:22rem;overflow-wrap:anywhere}
thead th{white-space:nowrap;border-block-end:2px solid var(--line);background:var(--card)}
tbody th{font-weight:500;min-width:9rem}
td{min-width:5.5rem}
.id{white-space:nowrap}
.number{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}
tfoot th,tfoot td{font-weight:700;border-block-start:2px solid var(--line)}
ul.notes{padding-inline-start:1.25rem}
footer{padding-block:.5rem 2rem;color:var(--faint);font-size:.9rem;overflow-wrap:anywhere}
a.skip{position:absolute;inset-inline-start:-9999px}a.skip:focus{position:static}
:focus-visible{outline:3px solid #7ba2ff;outline-offset:2px}
main.plain{max-width:30rem;margin-block:12vh;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:12px}
label{display:block;font-weight:600}
input{width:100%;margin-block:.25rem .75rem;padding:.6rem .75rem;border:1px solid var(--faint);border-radius:8px;background:transparent;color:inherit;font:inherit}
[role=alert]{color:var(--alert);font-weight:600}
@media (max-width:32rem){main,header,footer{padding-inline:.75rem}section{padding:.9rem;border-radius:8px}h1{font-size:1.35rem}.tiles{grid-template-columns:1fr 1fr;gap:.5rem}.tiles div{padding:.6rem}.tiles dd.value{font-size:1rem}dl.facts{grid-template-columns:1fr}dl.facts dt{margin-block-start:.35rem}dl.facts dd{grid-column:1}main.plain{margin:0;border:0;border-radius:0;min-height:100vh}}
@media print{:root{--page:#fff;--text:#000;--card:#fff;--line:#bbb;--faint:#333}.files,a.skip{display:none}section{border:0;padding:0}.wide{overflow:visible}thead{display:table-header-group}tr,figure,.tiles div{break-inside:avoid}body{font-size:10pt}}
`;

/** Returns the style sheet of a shared page in the colours of a branding; those that are no `#rrggbb` are left out. */
export function styleOf(branding?: Pick<Branding, 'primaryColor' | 'accentColor'>): string {
  const color = (given: string | undefined, usual: string) => (given && COLOR.test(given) ? given : usual);
  const primary = color(branding?.primaryColor, DEFAULT_COLORS.primary);
  return `:root{--primary:${primary};--accent:${color(branding?.accentColor, DEFAULT_COLORS.accent)}}${STYLE}`;
}
