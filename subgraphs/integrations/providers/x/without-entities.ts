const SIGNS: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

/** Returns a text of X as it was written: X sends &, < and > as HTML entities, and no others. */
export const withoutEntities = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (entity, name) => SIGNS[name] ?? entity);
