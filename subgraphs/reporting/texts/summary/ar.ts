import type { Translation } from '#reporting/texts/messages.js';
import type { en } from './en.js';

/** The sentences of summaries in Arabic: nominal, so that nothing agrees with the gender of metrics and names. */
export const ar: Translation<typeof en> = {
  of: '{topic}: {sentence}',
  more: '{names} (وغيرها: {count})',
  figure: '{metric} {value}',

  missing: 'أرقام ناقصة من {names}.',
  missingAfter: 'أرقام {names} متوفرة حتى {day} فقط.',
  empty: 'لا توجد أرقام في هذه الفترة.',
  stale: 'أرقام {names} من إجابة سابقة، لتعذّر سؤال المزوّد من جديد.',
  notFinal: 'قد تتغير أرقام {names} لاحقًا.',
  shortened: 'يعرض أحد الجداول أول {count} من أصل {total} من الصفوف.',

  rose: '{metric}: ارتفاع بنسبة {change} إلى {current}، مقابل {previous} سابقًا.',
  fell: '{metric}: انخفاض بنسبة {change} إلى {current}، مقابل {previous} سابقًا.',
  began: '{metric}: {current}، بعد عدم وجود أي قيمة في الفترة السابقة.',
  improved: '{metric}: تحسّن من {previous} إلى {current}.',
  worsened: '{metric}: تراجع من {previous} إلى {current}.',
  steady: 'لم يتغير أي رقم رئيسي بنسبة {share} أو أكثر: {figures}.',
  stated: 'في هذه الفترة: {figures}.',

  increase: '{metric}: أكبر زيادة لدى «{name}»، من {previous} إلى {current}.',
  decrease: '{metric}: أكبر انخفاض لدى «{name}»، من {previous} إلى {current}.',
  new: 'جديد في هذه الفترة: «{name}» ({metric}: {current}).',
  vanished: 'بلا أرقام في هذه الفترة: «{name}» ({metric} سابقًا: {previous}).',
  best: '{metric}: أفضل قيمة لدى «{name}» وهي {current}، مقابل {total} إجمالًا.',
  weakest: '{metric}: أضعف قيمة لدى «{name}» وهي {current}، مقابل {total} إجمالًا.',
  withoutConversions: 'تكلفة «{name}»: {cost}، دون أي إحالات ناجحة.',
  budgetExceeded: 'تجاوز ميزانية «{name}»: إنفاق {spent} من أصل {amount}.',
  budgetFast: 'إنفاق ميزانية «{name}» أسرع من المخطط: {spent} من أصل {amount} حتى الآن، أي {pace} من الوتيرة المتوقعة.',
  budgetSlow: 'إنفاق ميزانية «{name}» أبطأ من المخطط: {spent} من أصل {amount} حتى الآن، أي {pace} من الوتيرة المتوقعة.',

  'advice.missing': 'للمراجعة: اتصالات الحسابات ذات الأرقام الناقصة.',
  'advice.position': 'للمراجعة: عمليات البحث والصفحات التي تراجعت مواضعها.',
  'advice.decrease': 'للمراجعة: ما الذي تغيّر لدى «{name}».',
  'advice.vanished': 'للمراجعة: هل كان انتهاء «{name}» مقصودًا.',
  'advice.weakest': 'للمراجعة: تكلفة «{name}» مقارنة بالنتائج.',
  'advice.withoutConversions': 'للمراجعة: هل تُقاس الإحالات الناجحة لدى «{name}»، وهل ينبغي الاستمرار.',
  'advice.budgetExceeded': 'للمراجعة: هل ينبغي استمرار إنفاق «{name}» هذا الشهر.',
  'advice.budgetFast': 'للمراجعة: الميزانيات اليومية الخاصة بـ «{name}».',
  'advice.budgetSlow': 'للمراجعة: ما يعيق إنفاق ميزانية «{name}».',
};
