/** A value of Rest.li's own query syntax, decoded: text, List(a,b) or (key:value). */
export type RestliValue = string | RestliValue[] | RestliRecord;

export interface RestliRecord {
  [key: string]: RestliValue;
}

/** The text is not Rest.li 2.0. */
export class RestliSyntaxError extends Error {}
