<?php
/** What the addon says itself. Written by `npm run whmcs:generate` from lang/ of the program. */

$_ADDONLANG['navigation.label'] = 'Affiliate program';
$_ADDONLANG['whmcs.unavailable'] = 'The affiliate program is temporarily unavailable. Please try again in a few minutes.';
$_ADDONLANG['whmcs.down'] = 'The affiliate service cannot be asked at the moment: {reason} Nothing is lost: what happens is kept here, and sent when it answers again.';
$_ADDONLANG['whmcs.down.not_set_up'] = 'Its address or its secret is missing in the form of this addon; the secret has 32 characters or more.';
$_ADDONLANG['whmcs.down.unreachable'] = 'Nothing answers at its address.';
$_ADDONLANG['whmcs.down.slow'] = 'It does not answer in time.';
$_ADDONLANG['whmcs.down.token_invalid'] = 'It does not accept the secret that is set here.';
$_ADDONLANG['whmcs.down.token_mismatch'] = 'Something between here and the service changes the requests.';
$_ADDONLANG['whmcs.down.token_not_yet'] = 'The clock of this server is ahead of the service’s.';
$_ADDONLANG['whmcs.down.token_expired'] = 'The clock of this server is behind the service’s.';
$_ADDONLANG['whmcs.down.token_missing'] = 'Something between here and the service takes the signature of the requests away, which is their Authorization header.';
$_ADDONLANG['whmcs.down.no_tls'] = 'What answers at its address does not speak https; its address may have to begin with http.';
$_ADDONLANG['whmcs.down.certificate'] = 'This server does not accept the certificate at its address.';
$_ADDONLANG['whmcs.down.not_let_through'] = 'The web server before it does not let this server through (403).';
$_ADDONLANG['whmcs.down.only_proxy'] = 'A web server answers at its address, and the service behind it does not.';
$_ADDONLANG['whmcs.down.unavailable'] = 'It runs, but its database cannot be used; the doctor on its machine says why.';
$_ADDONLANG['whmcs.down.failing'] = 'It failed at what it was asked; its own log says at what.';
$_ADDONLANG['whmcs.down.answer_unreadable'] = 'Something else answers at its address.';
$_ADDONLANG['whmcs.waiting'] = 'Events that wait to be sent to the service: {count}';
$_ADDONLANG['whmcs.settings_problem'] = 'The settings of this addon’s form are not in force yet: {problem}';
$_ADDONLANG['whmcs.settings_overridden'] = 'The service’s own configuration decides these settings, whatever the form of this addon says: {names}';
$_ADDONLANG['whmcs.built_in'] = 'WHMCS’s own affiliate program is switched on as well: both would pay for the same clients. Switch it off in WHMCS’s general settings.';
$_ADDONLANG['whmcs.refused'] = 'Events that the service refused';
$_ADDONLANG['whmcs.refused.when'] = 'When';
$_ADDONLANG['whmcs.refused.what'] = 'What';
$_ADDONLANG['whmcs.refused.why'] = 'Why';
$_ADDONLANG['whmcs.refused.discard'] = 'Discard';
$_ADDONLANG['whmcs.refused.retry'] = 'Send all of them again';
