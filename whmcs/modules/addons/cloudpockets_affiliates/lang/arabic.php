<?php
/** What the addon says itself. Written by `npm run whmcs:generate` from lang/ of the program. */

$_ADDONLANG['navigation.label'] = 'برنامج الشركاء';
$_ADDONLANG['whmcs.unavailable'] = 'برنامج الشراكة غير متاح مؤقتًا. يرجى المحاولة مجددًا بعد بضع دقائق.';
$_ADDONLANG['whmcs.down'] = 'لا يمكن سؤال خدمة الشراكة حاليًا: {reason} لا يضيع شيء: كل ما يحدث يُحفظ هنا ويُرسل عندما تجيب من جديد.';
$_ADDONLANG['whmcs.down.not_set_up'] = 'عنوانها أو سرها غير مذكور في نموذج هذه الإضافة؛ يتكون السر من 32 حرفًا أو أكثر.';
$_ADDONLANG['whmcs.down.unreachable'] = 'لا أحد يجيب على عنوانها.';
$_ADDONLANG['whmcs.down.slow'] = 'لا تجيب في الوقت المناسب.';
$_ADDONLANG['whmcs.down.token_invalid'] = 'لا تقبل السر المسجَّل هنا.';
$_ADDONLANG['whmcs.down.token_mismatch'] = 'شيء ما بين هذا الخادم والخدمة يغيّر الطلبات.';
$_ADDONLANG['whmcs.down.token_not_yet'] = 'ساعة هذا الخادم متقدمة على ساعة الخدمة.';
$_ADDONLANG['whmcs.down.token_expired'] = 'ساعة هذا الخادم متأخرة عن ساعة الخدمة.';
$_ADDONLANG['whmcs.down.token_missing'] = 'شيء ما بين هذا الخادم والخدمة يزيل توقيع الطلبات، وهو ترويسة Authorization.';
$_ADDONLANG['whmcs.down.no_tls'] = 'ما يجيب على عنوانها لا يستخدم https؛ قد يلزم أن يبدأ العنوان بـ http.';
$_ADDONLANG['whmcs.down.certificate'] = 'لا يقبل هذا الخادم الشهادة الموجودة على عنوانها.';
$_ADDONLANG['whmcs.down.not_let_through'] = 'خادم الويب الذي أمامها لا يسمح لهذا الخادم بالمرور (403).';
$_ADDONLANG['whmcs.down.only_proxy'] = 'يجيب على عنوانها خادم ويب، ولا تجيب الخدمة التي خلفه.';
$_ADDONLANG['whmcs.down.unavailable'] = 'إنها تعمل، لكن لا يمكن استخدام قاعدة بياناتها؛ أمر affiliates doctor على جهازها يبيّن السبب.';
$_ADDONLANG['whmcs.down.failing'] = 'حدث فيها خطأ عند الإجابة؛ وسجلها يبيّنه.';
$_ADDONLANG['whmcs.down.answer_unreadable'] = 'شيء آخر يجيب على عنوانها.';
$_ADDONLANG['whmcs.waiting'] = 'أحداث تنتظر الإرسال إلى الخدمة: {count}';
$_ADDONLANG['whmcs.settings_problem'] = 'إعدادات نموذج هذه الإضافة غير سارية بعد: {problem}';
$_ADDONLANG['whmcs.settings_overridden'] = 'تحدد إعدادات الخدمة نفسها القيم التالية مهما كان في نموذج هذه الإضافة: {names}';
$_ADDONLANG['whmcs.built_in'] = 'برنامج الشراكة المدمج في WHMCS مفعّل أيضًا: سيدفع كلاهما عن العملاء أنفسهم. عطّله في الإعدادات العامة لـ WHMCS.';
$_ADDONLANG['whmcs.refused'] = 'أحداث رفضتها الخدمة';
$_ADDONLANG['whmcs.refused.when'] = 'متى';
$_ADDONLANG['whmcs.refused.what'] = 'ماذا';
$_ADDONLANG['whmcs.refused.why'] = 'لماذا';
$_ADDONLANG['whmcs.refused.discard'] = 'تجاهل';
$_ADDONLANG['whmcs.refused.retry'] = 'إرسالها كلها من جديد';
