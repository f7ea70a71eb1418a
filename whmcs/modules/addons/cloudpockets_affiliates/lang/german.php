<?php
/** What the addon says itself. Written by `npm run whmcs:generate` from lang/ of the program. */

$_ADDONLANG['navigation.label'] = 'Partnerprogramm';
$_ADDONLANG['whmcs.unavailable'] = 'Das Partnerprogramm ist vorübergehend nicht erreichbar. Bitte versuchen Sie es in einigen Minuten noch einmal.';
$_ADDONLANG['whmcs.down'] = 'Der Dienst des Partnerprogramms ist derzeit nicht erreichbar: {reason} Nichts geht verloren: Was geschieht, wird hier aufbewahrt und gesendet, sobald er wieder antwortet.';
$_ADDONLANG['whmcs.down.not_set_up'] = 'Seine Adresse oder sein Geheimnis fehlt im Formular dieses Addons; das Geheimnis hat mindestens 32 Zeichen.';
$_ADDONLANG['whmcs.down.unreachable'] = 'Unter seiner Adresse antwortet niemand.';
$_ADDONLANG['whmcs.down.slow'] = 'Er antwortet nicht rechtzeitig.';
$_ADDONLANG['whmcs.down.token_invalid'] = 'Er nimmt das hier eingetragene Geheimnis nicht an.';
$_ADDONLANG['whmcs.down.token_mismatch'] = 'Etwas zwischen hier und dem Dienst verändert die Anfragen.';
$_ADDONLANG['whmcs.down.token_not_yet'] = 'Die Uhr dieses Servers geht gegenüber der des Dienstes vor.';
$_ADDONLANG['whmcs.down.token_expired'] = 'Die Uhr dieses Servers geht gegenüber der des Dienstes nach.';
$_ADDONLANG['whmcs.down.token_missing'] = 'Etwas zwischen hier und dem Dienst nimmt den Anfragen ihre Signatur, den Authorization-Header.';
$_ADDONLANG['whmcs.down.no_tls'] = 'Was unter seiner Adresse antwortet, spricht kein https; vielleicht muss die Adresse mit http beginnen.';
$_ADDONLANG['whmcs.down.certificate'] = 'Dieser Server nimmt das Zertifikat unter seiner Adresse nicht an.';
$_ADDONLANG['whmcs.down.not_let_through'] = 'Der Webserver davor lässt diesen Server nicht durch (403).';
$_ADDONLANG['whmcs.down.only_proxy'] = 'Unter seiner Adresse antwortet ein Webserver, der Dienst dahinter aber nicht.';
$_ADDONLANG['whmcs.down.unavailable'] = 'Er läuft, kann seine Datenbank aber nicht benutzen; der Doctor auf seinem Rechner sagt, warum.';
$_ADDONLANG['whmcs.down.failing'] = 'Ihm ist bei der Antwort ein Fehler unterlaufen; sein eigenes Protokoll sagt, welcher.';
$_ADDONLANG['whmcs.down.answer_unreadable'] = 'Unter seiner Adresse antwortet etwas anderes.';
$_ADDONLANG['whmcs.waiting'] = 'Ereignisse, die noch an den Dienst zu senden sind: {count}';
$_ADDONLANG['whmcs.settings_problem'] = 'Die Einstellungen aus dem Formular dieses Addons gelten noch nicht: {problem}';
$_ADDONLANG['whmcs.settings_overridden'] = 'Über diese Einstellungen entscheidet die Konfiguration des Dienstes, was immer im Formular dieses Addons steht: {names}';
$_ADDONLANG['whmcs.built_in'] = 'Auch das in WHMCS eingebaute Partnerprogramm ist eingeschaltet: Beide würden für dieselben Kunden zahlen. Schalten Sie es in den allgemeinen Einstellungen von WHMCS aus.';
$_ADDONLANG['whmcs.refused'] = 'Ereignisse, die der Dienst abgelehnt hat';
$_ADDONLANG['whmcs.refused.when'] = 'Wann';
$_ADDONLANG['whmcs.refused.what'] = 'Was';
$_ADDONLANG['whmcs.refused.why'] = 'Warum';
$_ADDONLANG['whmcs.refused.discard'] = 'Verwerfen';
$_ADDONLANG['whmcs.refused.retry'] = 'Alle noch einmal senden';
