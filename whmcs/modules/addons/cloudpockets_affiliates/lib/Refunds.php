<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/**
 * Money that went back. Each transaction that pays out on an invoice is a refund of its amount, known by its number: one
 * that several hooks tell of is told once. When all of it is back WHMCS also calls the invoice refunded, which the
 * service takes for the whole; it never takes back more than was earned.
 */
final class Refunds
{
    /** @param array $vars of the hook AddTransaction, which tells of payments as well */
    public static function added(array $vars): void
    {
        $row = Capsule::table('tblaccounts')->where('id', (int) ($vars['id'] ?? 0))->first();
        if ($row !== null) {
            self::report($row);
        }
    }

    /** @param string $transaction the gateway's name for the payment that was given back */
    public static function byHand(string $transaction): void
    {
        $payments = Capsule::table('tblaccounts')->where('transid', $transaction)->pluck('id')->all();
        // None yet, where WHMCS books it after this: then AddTransaction tells of it, or the daily comparison.
        foreach (Capsule::table('tblaccounts')->whereIn('refundid', $payments)->orderBy('id')->get() as $row) {
            self::report($row);
        }
    }

    private static function report($row): void
    {
        $refund = self::snapshot($row);
        if ($refund !== null) {
            Delivery::report('InvoiceRefunded', self::id($row), $refund);
        }
    }

    public static function id($row): string
    {
        return "transaction-$row->id-refund";
    }

    /** @return array|null null for a transaction that gave nothing back on an invoice */
    public static function snapshot($row): ?array
    {
        $invoice = (int) $row->invoiceid;
        if ($invoice === 0 && (int) $row->refundid > 0) {
            $invoice = (int) Capsule::table('tblaccounts')->where('id', $row->refundid)->value('invoiceid');
        }
        if ($invoice === 0 || Money::cents($row->amountout) <= 0) {
            return null;
        }
        $client = (int) $row->userid ?: (int) Capsule::table('tblinvoices')->where('id', $invoice)->value('userid');
        return [
            'invoiceid' => $invoice,
            'refundid' => (string) $row->id,
            'amount' => Money::decimal(Money::cents($row->amountout)),
            'currency' => Clients::currency($client) ?: Settings::currency(),
        ];
    }
}
