import type { Vocabulary } from './vocabulary.js';

export const de: Vocabulary = {
  plain: `
    der die das den dem des ein eine einen einem einer eines und oder aber als wie dass welche welcher welches dieser diese dieses diesem diesen
    er sie es sein seine ihr ihre ihren ihrem ihrer dort hier ist sind war waren wird werden wurde wurden worden hat haben hatte hatten habe
    kann können könnte könnten sollte sollten soll sollen mag darf muss müssen in im ins an am auf aus bei beim mit nach von vom vor zu zum zur für
    um über unter durch gegen gegenüber zwischen während seit bis wo wann wenn was wer ob auch noch wieder nun jetzt dann so sowie jeweils
    dabei damit daran davon dazu dafür dagegen hingegen jedoch zudem außerdem ebenfalls ebenso insgesamt weil da wegen aufgrund
    rund etwa ungefähr circa ca knapp fast beinahe bereits schon bisher bislang derzeit aktuell aktuelle aktuellen zuvor davor danach vorher
    zeitraum zeitraums zeiträume monat monats monate monaten woche wochen tag tage tagen jahr jahre zeit vorige vorigen vorherigen vorherige früher frühere
    früheren später letzte letzten vorzeitraum vorperiode periode vergleich vergleichszeitraum verglichen
    erreicht erreichte erreichten erreichen liegt liegen lag lagen steht stehen stand beträgt betragen betrug betrugen bleibt bleiben blieb blieben
    bringt bringen brachte brachten gebracht macht machen machte zeigt zeigen zeigte zeigten führt führte führten trägt trug trugen beigetragen
    beitrag beiträge verzeichnet verzeichnete verzeichneten verzeichnen kommt kommen kam kamen stammt stammen entfällt entfallen entfiel
    stark deutlich leicht merklich erheblich spürbar auffällig hauptsächlich überwiegend teilweise besonders
    größte größter größten größtes kleinste kleinster kleinsten wichtigste wichtigsten meisten höchste höchster höchsten niedrigste niedrigster niedrigsten
    anteil anteile teil teile ergebnis ergebnisse leistung entwicklung kennzahl kennzahlen wert werte werten zahl zahlen
    kampagne kampagnen konto konten kunde kunden kanal kanäle budget budgets budgetplan tempo plan geplant geplanten erwartet erwartete erwarteten
    schneller langsamer mehr summe gesamt gesamtwert gesamtwerte rate raten position positionen durchschnitt durchschnittliche durchschnittlichen anfrage
    anfragen suchanfragen suche seite seiten standort standorte beitragen währung daten quelle quellen anbieter anbieters antwort
    verbindung verbindungen fehlen fehlend fehlende verfügbar unvollständig vollständig endgültig änderung änderungen geändert verändert
    veränderung veränderungen ändern bewegung neu neue neuer neues ende endet endete enden geendet blick ansehen prüfen geprüft prüfung
    zu beachten beachtung lohnt lohnenswert sollte ursache ursachen treiber getrieben ausgegeben ausgaben ausgibt
    weiterhin gleichzeitig zusammen neben gefolgt gemessen entspricht`,
  up: 'stieg stiegen steigt steigen gestiegen steigerung anstieg erhöht erhöhte erhöhten erhöhung zunahme zugenommen wuchs wuchsen gewachsen wachstum zuwachs zuwächse höher zugelegt plus',
  down: 'fiel fielen gefallen fällt sank sanken sinkt sinken gesunken rückgang rückgänge verringert verringerte verringerten abnahme abgenommen verlor verloren niedriger reduziert zurückgegangen minus',
  better:
    'verbessert verbesserte verbesserten verbesserung besser beste bester besten bestes stärkste stärkster stärksten',
  worse:
    'verschlechtert verschlechterte verschlechterten verschlechterung schlechter schlechteste schlechtester schwach schwächste schwächster schwächsten schwächer',
  not: 'kein keine keinen keinem keiner nicht ohne nie nichts weder kaum',
  from: ['von'],
  to: ['auf'],
  prefixes: [],
  refused:
    /(?:mehr|weniger|höher|niedriger|größer|kleiner) als\b(?! (?:geplant|erwartet))|\bbis zu\b|\bpro\b|\büber(?= \d)|\bunter(?= \d)/i,
  scales: { tsd: 1e3, tausend: 1e3, mio: 1e6, million: 1e6, millionen: 1e6, mrd: 1e9, milliarde: 1e9, milliarden: 1e9 },
  percent: ['prozent'],
  currencies: { euro: 'EUR', dollar: 'USD', pfund: 'GBP', yen: 'JPY', franken: 'CHF' },
};
