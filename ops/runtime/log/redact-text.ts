import { secretNames, secretParameters } from './secret-fields.js';

/** Replaces a secret in the log. */
export const REDACTED = '[redacted]';

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `[_-]?${letter.toLowerCase()}`);
const names = secretNames.map(snake).join('|');
const parameters = secretParameters.join('|');

// In one pass, as it runs on every log line. No alternative may begin with a repetition: matching would be quadratic.
const SECRET = new RegExp(
  [
    // postgres://user:password@host
    `(?<scheme>://)[^\\s/?#"'\\\\<>]+@`,
    // ?access_token=…  client_secret=…  &code=…
    `(?<parameter>(?:[?&;](?:${parameters})|${names})=)(?!\\[redacted\\])[^&;\\s"'\\\\<>]+`,
    // JSON within text: \\"refresh_token\\":\\"…
    `(?<member>(?:\\\\+"(?:${parameters})|${names})\\\\*"\\s*:\\s*\\\\*")(?!\\[redacted\\])[^"\\\\]+`,
    `(?<bearer>\\bbearer(?:\\s|%20)+)[\\w.~+/=-]{8,}`,
    // Not "basic settings": base64 has more than small letters.
    `(?<basic>\\bbasic\\s+)(?=[\\w+/]*[\\d+/=])[\\w+/]{6,}={0,2}`,
    // JWTs, values of our Sealer, and the tokens of Google, Meta and Stripe.
    `\\beyJ[\\w-]{8,}(?:\\.[\\w-]*){1,4}`,
    `\\bv1\\.[0-9a-f]{8}\\.[\\w-]{20,}`,
    `\\bya29\\.[\\w.-]{10,}|\\b1//[\\w-]{20,}|\\bGOCSPX-[\\w-]{10,}|\\bEAA[A-Za-z0-9]{20,}`,
    `\\b(?:sk|rk)_\\w{10,}`,
    // Of webhooks: base64.
    `\\bwhsec_[\\w+/]{10,}={0,2}`,
    // Our own: API keys and refresh tokens.
    `\\bwm_(?:live|test)_\\w{10,}|\\bwmr_[\\w-]{10,}`,
  ].join('|'),
  'gi',
);

/** Redacts what is a secret by its form: credentials in URLs and headers, tokens, parameters. */
export function redactText(text: string): string {
  return text.replace(SECRET, (...match: unknown[]) => {
    const groups = match.at(-1) as Record<string, string | undefined>;
    const { scheme, parameter, member, bearer, basic } = groups;
    if (scheme) return `${scheme}${REDACTED}@`;
    return `${parameter ?? member ?? bearer ?? basic ?? ''}${REDACTED}`;
  });
}
