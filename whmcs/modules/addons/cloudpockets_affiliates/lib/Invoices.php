<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** A paid invoice as the service wants it: everything that decides what its lines earn. */
final class Invoices
{
    public static function paid(int $id): void
    {
        $invoice = Capsule::table('tblinvoices')->where('id', $id)->first();
        if ($invoice !== null) {
            Delivery::report('InvoicePaid', self::paidId($invoice), self::snapshot($invoice));
        }
    }

    /** Paid again after it was unpaid, it is another fact, also where staff enter the day alone, or that of before. */
    public static function paidId($invoice): string
    {
        $reopened = State::get("reopened-$invoice->id");
        return "invoice-$invoice->id-paid-" . preg_replace('/\D/', '', (string) $invoice->datepaid) . rtrim("-$reopened", '-');
    }

    /** An invoice that is no longer paid, or paid back as a whole. */
    public static function changed(string $hook, int $id): void
    {
        if ($hook === 'InvoiceRefunded') {
            Delivery::report($hook, self::refundedId($id), ['invoiceid' => $id]);
            return;
        }
        State::set("reopened-$id", (string) (1 + (int) State::get("reopened-$id")));
        Delivery::report($hook, "invoice-$id-$hook-" . uniqid(), ['invoiceid' => $id]);
    }

    public static function refundedId(int $id): string
    {
        return "invoice-$id-refunded";
    }

    public static function snapshot($invoice): array
    {
        $client = Capsule::table('tblclients')->where('id', $invoice->userid)->first(['country', 'currency']);
        $items = Capsule::table('tblinvoiceitems')->where('invoiceid', $invoice->id)->orderBy('id')->get()->all();
        $tax = Money::cents($invoice->tax) + Money::cents($invoice->tax2);
        $subtotal = Money::cents($invoice->subtotal);
        $nets = self::withoutTax($items, $subtotal, $tax);
        $currency = Capsule::table('tblcurrencies')->where('id', $client->currency ?? 0)->first();
        $told = [
            'userid' => $invoice->userid,
            'currency' => $currency->code ?? Settings::currency(),
            // WHMCS's own total is without what was paid from account credit.
            'total' => Money::decimal($subtotal + $tax),
            'credit' => Money::decimal(Money::cents($invoice->credit)),
            'promocode' => self::promotion($invoice->id, $items),
            'country' => (string) ($client->country ?? ''),
            'items' => array_map([self::class, 'line'], $items, $nets),
        ];
        return ['invoiceid' => $invoice->id, 'invoice' => $told + self::rate($currency)];
    }

    private static function line($item, int $net): array
    {
        return ['id' => $item->id, 'type' => $item->type, 'amount' => Money::decimal($net)]
            + Products::soldBy((string) $item->type, (int) $item->relid);
    }

    /**
     * Where prices include tax, so do WHMCS's lines, and their sum is the subtotal and the tax.
     * @return int[] hundredths, in the order of the items
     */
    private static function withoutTax(array $items, int $subtotal, int $tax): array
    {
        $amounts = array_map(static function ($item): int {
            return Money::cents($item->amount);
        }, $items);
        $taxed = array_map(static function ($item, int $amount): int {
            return $item->taxed ? $amount : 0;
        }, $items, $amounts);
        $all = array_sum($taxed);
        $isInclusive = $tax > 0 && $all > 0 && array_sum($amounts) !== $subtotal
            && abs(array_sum($amounts) - $subtotal - $tax) <= 1;
        if (!$isInclusive) {
            return $amounts;
        }
        // Each takes its part of the tax; rounded sums rather than rounded parts, so that the parts sum up to it.
        $before = 0;
        foreach ($taxed as $index => $amount) {
            $upTo = $before + $amount;
            $amounts[$index] -= (int) round($tax * $upTo / $all) - (int) round($tax * $before / $all);
            $before = $upTo;
        }
        return $amounts;
    }

    /** The promotion of the order that made the invoice, or of a service that it renews at a lower price. */
    private static function promotion(int $invoiceId, array $items): string
    {
        $ordered = Capsule::table('tblorders')->where('invoiceid', $invoiceId)->value('promocode');
        if ((string) $ordered !== '') {
            return Text::plain($ordered);
        }
        foreach ($items as $item) {
            if ($item->type === 'PromoHosting') {
                return Text::plain(Capsule::table('tblhosting')->join('tblpromotions', 'tblpromotions.id', '=', 'tblhosting.promoid')
                    ->where('tblhosting.id', $item->relid)->value('tblpromotions.code'));
            }
        }
        return '';
    }

    /** Units of the program's currency for one of the invoice's; WHMCS keeps each currency's rate to its default one. */
    private static function rate($currency): array
    {
        $own = Capsule::table('tblcurrencies')->where('code', Settings::currency())->first();
        if ($currency === null || $own === null || $own->id === $currency->id || (float) $currency->rate <= 0) {
            return [];
        }
        return ['exchangerate' => number_format((float) $own->rate / (float) $currency->rate, 8, '.', '')];
    }
}
