const THEMES = [
  'Brand',
  'Non-Brand',
  'Competitors',
  'Black Friday',
  'Remarketing',
  'New Customers',
  'Trail Running Shoes',
  'Rain Jackets',
  'Tents & Camping',
  'Back to School',
  'Winter Sale',
  'Summer Clearance',
  'Loyalty Members',
  'Gift Cards',
  'Store Visits',
  'Newsletter Sign-ups',
  'Free Shipping "This Week"',
  'Backpacks, 30–50 L',
] as const;

// One of each kind of trouble a spreadsheet, a parser or an encoding may have with a name.
const AWKWARD_NAMES = [
  '=Sale= Outlet',
  'Größe & Farbe – Übergangsjacken',
  '夏のキャンプセール 🏕',
  "Kids' <Winter> Boots",
];

/** Returns the name a marketer might have given the nth campaign of an account; unique within the account. */
export function campaignName(n: number, kind: string, market: string): string {
  const awkward = n % 11 === 7 ? AWKWARD_NAMES[Math.floor(n / 11)] : undefined;
  if (awkward) return awkward;
  const theme = THEMES[n % THEMES.length];
  const round = Math.floor(n / THEMES.length);
  return round === 0
    ? `${market} | ${kind} | ${theme}`
    : `${market} | ${kind} | ${theme} | ${String(round + 1).padStart(2, '0')}`;
}
