/** The audience of the tokens in the links of `exportMyData`: nothing but the gateway's download route takes them. */
export const PERSONAL_DATA_AUDIENCE = 'personal-data-download';

/** What such a token lets its bearer do: fetch what WebMetrics holds about one person. */
export interface PersonalDataClaims {
  personId: string;
}
