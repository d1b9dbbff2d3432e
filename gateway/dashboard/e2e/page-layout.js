// Run in a page: returns where its parts are and what they look like, one a line. What frames every screen is described with the overview.
(() => {
  const PARTS =
    'h1,h2,h3,nav,main,aside,header,section,dl,dd,dt,p,table,thead th,tbody tr:nth-child(-n+2)>*,button,a,input,select,textarea,label,legend,canvas,img,[role]';
  const seen = new Map();
  const hex = (color) => {
    const [red, green, blue, alpha] = (color.match(/[\d.]+/g) ?? []).map(Number);
    if (alpha === 0) return '-';
    return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
  };
  const wholes = (box) => [box.x + scrollX, box.y + scrollY, box.width, box.height].map(Math.round);
  const lines = [];
  const root = location.pathname.endsWith('/overview') ? document : document.querySelector('main');
  for (const element of root.querySelectorAll(PARTS)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.visually-hidden')) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const text = element.getAttribute('aria-label') ?? element.textContent ?? '';
    const name = `${element.getAttribute('role') ?? element.localName} ${JSON.stringify(text.replace(/\s+/g, ' ').trim().slice(0, 32))}`;
    const index = (seen.get(name) ?? 0) + 1;
    seen.set(name, index);
    const { color, backgroundColor, fontSize, fontWeight } = getComputedStyle(element);
    lines.push(
      `${name}${index > 1 ? `#${index}` : ''} ${wholes(box).join(' ')} ${hex(color)} ${hex(backgroundColor)} ${parseFloat(fontSize)}/${fontWeight}`,
    );
  }
  return lines;
})();
