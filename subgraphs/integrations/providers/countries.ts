import { once } from 'es-toolkit/function';

// Names and numbers of countries are those of the Unicode CLDR, which Node.js has.

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Areas that have a code like a country. */
const NOT_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

/** Names that other sources use. */
const OTHER_NAMES: Record<string, string> = {
  burma: 'MM',
  'cape verde': 'CV',
  'czech republic': 'CZ',
  'hong kong sar': 'HK',
  'ivory coast': 'CI',
  macao: 'MO',
  'macao sar': 'MO',
  macau: 'MO',
  macedonia: 'MK',
  swaziland: 'SZ',
  turkey: 'TR',
};

/** Whatever the case, accents, and how "and" and "saint" are written. */
const normalized = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll('&', 'and')
    .replace(/\bst\.? /, 'saint ')
    .trim();

const regionOf = (code: string): string | undefined => new Intl.Locale(`und-${code}`).region;

const codesByName = once((): ReadonlyMap<string, string> => {
  const names = new Map<string, string>(Object.entries(OTHER_NAMES));
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => `${first}${second}`));
  for (const style of ['short', 'long'] as const) {
    const display = new Intl.DisplayNames('en', { type: 'region', style });
    for (const code of codes) {
      const name = display.of(code);
      // Former codes stand for others.
      if (name && name !== code && regionOf(code) === code && !NOT_COUNTRIES.has(code))
        names.set(normalized(name), code);
    }
  }
  return names;
});

/** Returns the ISO 3166-1 alpha-2 code of a country by its English name; null for what is none. */
export const countryOfName = (name: string): string | null => codesByName().get(normalized(name)) ?? null;

/** Returns the alpha-2 code of a country by its ISO 3166-1 number; null for what is none. */
export function countryOfNumber(number: string): string | null {
  if (!/^\d{3}$/.test(number)) return null;
  const region = regionOf(number);
  return region && /^[A-Z]{2}$/.test(region) && !NOT_COUNTRIES.has(region) ? region : null;
}

/** ISO 3166-1: the alpha-2 code and the alpha-3 code of each country in one word; Kosovo's are in use without being assigned. */
const CODES = `
  ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD
  BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN
  CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU
  DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB
  GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG
  HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN
  KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU
  LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR
  MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL
  OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB
  RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP
  SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN
  TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKK YEYEM YTMYT
  ZAZAF ZMZMB ZWZWE`;

const codePairs = once(() => (CODES.match(/\w+/g) ?? []).map((word) => [word.slice(0, 2), word.slice(2)] as const));
const shortCodes = once((): ReadonlyMap<string, string> => new Map(codePairs().map(([two, three]) => [three, two])));
const longCodes = once((): ReadonlyMap<string, string> => new Map(codePairs()));

/** Returns the alpha-2 code of a country by its alpha-3 code, whatever the case; null for what is none. */
export const countryOfAlpha3 = (code: string): string | null => shortCodes().get(code.toUpperCase()) ?? null;

/** Returns the alpha-3 code of a country by its alpha-2 code, whatever the case; null for what is none. */
export const alpha3Of = (country: string): string | null => longCodes().get(country.toUpperCase()) ?? null;
