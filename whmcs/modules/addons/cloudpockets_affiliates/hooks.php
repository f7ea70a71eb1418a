<?php
/**
 * What WHMCS tells of as it happens. Every hook does its work behind a guard: what fails here is logged, and the
 * signup, the payment or the page goes on.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

require_once __DIR__ . '/lib/load.php';

use CloudPockets\Affiliates\Clients;
use CloudPockets\Affiliates\Delivery;
use CloudPockets\Affiliates\Guard;
use CloudPockets\Affiliates\History;
use CloudPockets\Affiliates\Invoices;
use CloudPockets\Affiliates\Panels;
use CloudPockets\Affiliates\Patience;
use CloudPockets\Affiliates\Queue;
use CloudPockets\Affiliates\Refunds;
use CloudPockets\Affiliates\State;
use CloudPockets\Affiliates\Text;
use CloudPockets\Affiliates\Visits;

$on = static function (string $point, callable $act): void {
    add_hook($point, 1, static function ($vars = null) use ($point, $act) {
        return Guard::run($point, static function () use ($act, $vars) {
            return $act($vars);
        });
    });
};

// Clients.
$on('ClientAdd', static function (array $vars): void {
    Clients::added($vars);
});
$on('ClientEdit', static function (array $vars): void {
    Clients::edited((int) $vars['userid']);
});
$on('ClientClose', static function (array $vars): void {
    Delivery::report('ClientClose', 'client-' . (int) $vars['userid'] . '-closed-' . uniqid(), ['userid' => (int) $vars['userid']]);
});
foreach (['PreDeleteClient', 'ClientDelete'] as $point) {
    // Older versions fire the second alone, newer ones both: it is one fact.
    $on($point, static function (array $vars): void {
        Delivery::report('PreDeleteClient', 'client-' . (int) $vars['userid'] . '-deleted', ['userid' => (int) $vars['userid']]);
    });
}
$on('AfterClientMerge', static function (array $vars): void {
    [$to, $from] = [(int) $vars['toUserID'], (int) $vars['fromUserID']];
    Delivery::report('AfterClientMerge', "client-$from-merged-into-$to", ['toUserID' => $to, 'fromUserID' => $from]);
});

// Invoices and what is paid back.
$on('InvoicePaid', static function (array $vars): void {
    Invoices::paid((int) $vars['invoiceid']);
});
foreach (['InvoiceRefunded', 'InvoiceUnpaid', 'InvoiceCancelled'] as $point) {
    $on($point, static function (array $vars) use ($point): void {
        Invoices::changed($point, (int) $vars['invoiceid']);
    });
}
$on('AddTransaction', static function (array $vars): void {
    Refunds::added($vars);
});
$on('ManualRefund', static function (array $vars): void {
    Refunds::byHand((string) $vars['transid']);
});

// Tickets.
$on('TicketOpen', static function (array $vars): void {
    Delivery::report('TicketOpen', 'ticket-' . (int) $vars['ticketid'] . '-opened', [
        'ticketid' => (int) $vars['ticketid'],
        'userid' => (int) ($vars['userid'] ?? 0),
        'deptid' => (int) ($vars['deptid'] ?? 0),
        'deptname' => Text::plain($vars['deptname'] ?? ''),
        'subject' => Text::plain($vars['subject'] ?? ''),
        'message' => substr(Text::plain($vars['message'] ?? ''), 0, 20000),
    ]);
});

// Pages.
$on('AdminAreaViewTicketPage', static function (array $vars): string {
    return Panels::onTicket((int) $vars['ticketid']);
});
$on('AdminAreaClientSummaryPage', static function (array $vars): string {
    return Panels::onSummary((int) $vars['userid']);
});
$on('ClientAreaHomepagePanels', static function (object $panels): void {
    Panels::widget($panels);
});
$on('ClientAreaPrimaryNavbar', static function (object $menu): void {
    Panels::navigation($menu);
});
$on('ClientAreaPage', static function (): void {
    Visits::onPage();
});
$on('AffiliateClickthru', static function (array $vars): void {
    Visits::byNumber((string) $vars['affiliateId']);
});

// The cron: all that waits is sent, and once a day the service does its nightly work and is told what it missed.
$on('AfterCronJob', static function (): void {
    $patience = Patience::ofCron();
    Guard::run('Sending the settings', static function () use ($patience): void {
        Delivery::settings($patience);
    });
    Delivery::attempt($patience, 50);
});
$on('DailyCronJob', static function (): void {
    State::forgetTokens();
    Queue::keep('DailyCronJob', 'daily-' . date('Y-m-d'), []);
    Delivery::attempt(Patience::ofCron(), 50);
    History::compare(Patience::ofCron(300));
});
