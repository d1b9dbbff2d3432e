import type { Vocabulary } from './vocabulary.js';

export const en: Vocabulary = {
  plain: `
    a an the of for from to in on at by with and or but as than that which this these those it its their they them there here s
    is are was were be been being has have had having did does do will would may might can could should into onto after before during since while
    where when who whose what whether also still again now then so such both against between among across over within towards through
    because due about around roughly approximately almost nearly just already yet even other others another same similar similarly
    period periods month months week weeks day days year time times previous previously prior earlier later last current currently far
    reach reached reaches come comes came coming stand stands stood remain remained remains stay stayed stays bring brought brings
    make made makes show showed shows shown lead leads led contribute contributed contributes contributing contribution contributions
    account accounts accounted accounting record recorded report reported reports reporting see seen saw set sets compared comparison
    strongly slightly sharply markedly notably clearly considerably significantly substantially noticeably mainly mostly largely partly
    largest biggest smallest main major most highest lowest greatest share part parts result results resulting performance overall
    figure figures metric metrics campaign campaigns client clients channel channels budget budgets pace plan planned expected expectation
    target targets faster slower slowly more quickly ahead behind total totals value values rate rates position positions average query queries page pages
    search place places post posts currency data source sources provider providers answer answers connection connections missing
    available incomplete complete final change changed changes changing movement trend new newly end ended ends appeared look looking
    worth attention review reviewed reviewing check checked checking consider notable driven driver drivers drove meanwhile however moreover
    additionally furthermore together alongside followed following corresponding equals amounting amounted amounts amount
    need needs needed possible possibly likely`,
  up: 'rise rises rose rising risen increase increases increased increasing grow grows grew growing growth gain gains gained climb climbs climbed climbing up higher',
  down: 'fall falls fell falling fallen decrease decreases decreased decreasing drop drops dropped dropping decline declines declined declining down lower reduction reduced shrank',
  better: 'improve improves improved improving improvement better best strong strongest stronger well',
  worse: 'worsen worsens worsened worsening worse worst weak weakest weaker poor poorest badly',
  not: 'no not without none never nothing nor neither hardly',
  from: ['from'],
  to: ['to'],
  prefixes: [],
  refused:
    /\b(?:more|less|fewer|higher|lower|greater) than\b(?! (?:planned|expected))|\bat (?:least|most)\b|\bup to\b|\bper\b(?! cent)|\bover(?= \d)/i,
  scales: { k: 1e3, thousand: 1e3, m: 1e6, mn: 1e6, million: 1e6, bn: 1e9, billion: 1e9 },
  percent: ['percent', 'per cent', 'pct'],
  currencies: { euro: 'EUR', euros: 'EUR', dollar: 'USD', dollars: 'USD', pounds: 'GBP', yen: 'JPY', francs: 'CHF' },
};
