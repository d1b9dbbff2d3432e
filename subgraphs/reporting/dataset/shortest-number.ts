const SHORTEST = /^(0|-?([1-9]\d*|(0|[1-9]\d*)\.\d*[1-9]))$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * Returns a decimal in the one form in which it is stored and checked: without leading and trailing zeros, and no negative zero. What is
 * no decimal stays as it is. Spreadsheets know numbers only, so `12.50` would come back as `12.5`.
 */
export function shortestNumber(decimal: string): string {
  if (SHORTEST.test(decimal)) return decimal;
  const [, sign = '', whole, fraction = ''] = DECIMAL.exec(decimal) ?? [];
  if (whole === undefined) return decimal;
  const shortFraction = fraction.replace(/0+$/, '');
  const shortened = `${whole.replace(/^0+(?=\d)/, '')}${shortFraction && `.${shortFraction}`}`;
  return shortened === '0' ? '0' : sign + shortened;
}
