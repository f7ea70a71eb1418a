<?php
/**
 * CloudPockets Affiliates for WHMCS: the functions that WHMCS itself calls. The program runs in a service beside WHMCS;
 * this addon tells it what happens, shows its pages, and does what it asks for. See docs/install-whmcs.md.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

require_once __DIR__ . '/lib/load.php';

use CloudPockets\Affiliates\Clients;
use CloudPockets\Affiliates\Delivery;
use CloudPockets\Affiliates\Guard;
use CloudPockets\Affiliates\Language;
use CloudPockets\Affiliates\Pages;
use CloudPockets\Affiliates\Patience;
use CloudPockets\Affiliates\Settings;
use CloudPockets\Affiliates\Staff;
use CloudPockets\Affiliates\State;
use CloudPockets\Affiliates\Tables;
use CloudPockets\Affiliates\Text;
use CloudPockets\Affiliates\Unavailable;
use CloudPockets\Affiliates\Visits;

function cloudpockets_affiliates_config()
{
    return [
        'name' => 'CloudPockets Affiliates',
        'description' => 'An affiliate program with a ledger: links, commissions, withdrawals, and a reason for every cent.',
        'author' => 'CloudPockets',
        'language' => 'english',
    ] + Settings::form();
}

function cloudpockets_affiliates_activate()
{
    $answer = Guard::run('Activating', static function (): string {
        Tables::make();
        State::first('active_since', date('Y-m-d'));
        if (Settings::get('serviceSecret') === '') {
            return 'Now choose Configure, and say where the service is and what its secret is.';
        }
        try {
            State::forget('settings_sent');
            Delivery::settings(Patience::ofCron(10));
            return 'The service answers.';
        } catch (Unavailable $down) {
            return 'The service does not answer yet (' . $down->getMessage() . '). Events are kept until it does.';
        }
    });
    return $answer === null
        ? ['status' => 'error', 'description' => 'The tables could not be made; the activity log says why.']
        : ['status' => 'success', 'description' => $answer];
}

function cloudpockets_affiliates_deactivate()
{
    return ['status' => 'success', 'description' => 'Everything is kept: affiliates and their money in the service, and here what it was not told yet.'];
}

/** @param array $vars with the version that was there before */
function cloudpockets_affiliates_upgrade($vars)
{
    Guard::run('Upgrading', [Tables::class, 'make']);
}

/** The area for staff. @param array $vars with modulelink and the settings */
function cloudpockets_affiliates_output($vars)
{
    if ($_SERVER['REQUEST_METHOD'] === 'POST') {
        check_token('WHMCS.admin.default');
    }
    $staff = Staff::signedIn();
    if ($staff === null) {
        return;
    }
    $html = Guard::run('The page for staff', static function () use ($staff): string {
        if (Staff::act()) {
            header('Location: ' . Pages::STAFF_BASE, true, 303);
            exit;
        }
        try {
            Delivery::settings(Patience::ofPage(true));
            $page = Pages::ask('staff', ['staff' => ['id' => $staff->id, 'name' => $staff->name]], $staff->language);
            $shown = Pages::sendUnlessShown($page)['html'];
        } catch (Unavailable $down) {
            $shown = '';
        }
        return Staff::notices($staff->language, Pages::STAFF_BASE) . $shown;
    });
    echo $html ?? '<div class="alert alert-danger">' . Text::html(Language::text('whmcs.unavailable', $staff->language)) . '</div>';
}

/** The affiliate page, and the referral link that leads through it. @return array as WHMCS wants it */
function cloudpockets_affiliates_clientarea($vars)
{
    $code = Visits::linkCode();
    if ($code !== '') {
        Guard::run('Following a link', static function () use ($code): void {
            Visits::follow($code);
        });
        exit;
    }
    $client = Clients::signedIn();
    if ($client !== 0 && $_SERVER['REQUEST_METHOD'] === 'POST') {
        check_token();
    }
    $page = $client === 0 ? null : Guard::run('The affiliate page', static function () use ($client): array {
        $page = Pages::ask('client', ['client' => ['id' => (string) $client]], Language::ofClient($client));
        return Pages::sendUnlessShown($page);
    });
    $language = Guard::run('Choosing a language', static function () use ($client): string {
        return Language::ofClient($client);
    }, 'english');
    $title = $page['title'] ?? Language::text('navigation.label', $language);
    return [
        'pagetitle' => $title,
        'breadcrumb' => [Pages::CLIENT_BASE => $title],
        'templatefile' => 'page',
        'requirelogin' => true,
        'vars' => [
            'html' => $page['html'] ?? '',
            'unavailable' => $page === null ? Language::text('whmcs.unavailable', $language) : '',
        ],
    ];
}
