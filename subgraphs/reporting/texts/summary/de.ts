import type { Translation } from '#reporting/texts/messages.js';
import type { en } from './en.js';

/** The sentences of summaries in German: without articles before metrics and names, whose gender is unknown. */
export const de: Translation<typeof en> = {
  of: '{topic}: {sentence}',
  more: '{names} (und weitere: {count})',
  figure: '{metric} {value}',

  missing: 'Es fehlen Werte von {names}.',
  missingAfter: 'Werte von {names} liegen nur bis {day} vor.',
  empty: 'Für diesen Zeitraum gibt es keine Werte.',
  stale: 'Werte von {names} stammen aus einer früheren Antwort, da der Anbieter nicht erneut gefragt werden konnte.',
  notFinal: 'Werte von {names} können sich noch ändern.',
  shortened: 'Eine Tabelle enthält die ersten {count} von {total} Zeilen.',

  rose: '{metric}: um {change} gestiegen auf {current}, zuvor {previous}.',
  fell: '{metric}: um {change} gesunken auf {current}, zuvor {previous}.',
  began: '{metric}: {current}, nach keinem Wert im Zeitraum davor.',
  improved: '{metric}: verbessert von {previous} auf {current}.',
  worsened: '{metric}: verschlechtert von {previous} auf {current}.',
  steady: 'Kein Hauptwert hat sich um {share} oder mehr geändert: {figures}.',
  stated: 'In diesem Zeitraum: {figures}.',

  increase: '{metric}: größter Zuwachs bei „{name}“, von {previous} auf {current}.',
  decrease: '{metric}: größter Rückgang bei „{name}“, von {previous} auf {current}.',
  new: 'Neu in diesem Zeitraum: „{name}“ ({metric}: {current}).',
  vanished: 'Ohne Werte in diesem Zeitraum: „{name}“ ({metric} zuvor: {previous}).',
  best: '{metric}: bester Wert bei „{name}“ mit {current}, insgesamt {total}.',
  weakest: '{metric}: schwächster Wert bei „{name}“ mit {current}, insgesamt {total}.',
  withoutConversions: '„{name}“ hat {cost} gekostet und keine Conversions gebracht.',
  budgetExceeded: 'Budget von „{name}“ überschritten: {spent} von {amount} ausgegeben.',
  budgetFast:
    'Budget von „{name}“ wird schneller ausgegeben als geplant: bisher {spent} von {amount}, das sind {pace} des erwarteten Tempos.',
  budgetSlow:
    'Budget von „{name}“ wird langsamer ausgegeben als geplant: bisher {spent} von {amount}, das sind {pace} des erwarteten Tempos.',

  'advice.missing': 'Zu prüfen: die Verbindungen der Konten, deren Werte fehlen.',
  'advice.position': 'Zu prüfen: die Suchanfragen und Seiten, die Positionen verloren haben.',
  'advice.decrease': 'Zu prüfen: was sich bei „{name}“ geändert hat.',
  'advice.vanished': 'Zu prüfen: ob „{name}“ enden sollte.',
  'advice.weakest': 'Zu prüfen: was „{name}“ im Verhältnis zum Ergebnis kostet.',
  'advice.withoutConversions': 'Zu prüfen: ob Conversions von „{name}“ gemessen werden und ob es weiterlaufen soll.',
  'advice.budgetExceeded': 'Zu prüfen: ob „{name}“ in diesem Monat weiter ausgeben soll.',
  'advice.budgetFast': 'Zu prüfen: die Tagesbudgets von „{name}“.',
  'advice.budgetSlow': 'Zu prüfen: was „{name}“ daran hindert, das Budget auszugeben.',
};
