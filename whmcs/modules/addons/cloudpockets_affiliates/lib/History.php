<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** What WHMCS says has happened on some days, so that the service can find what it was never told. */
final class History
{
    private const MOST = 200;
    private const STEPS = ['clients', 'invoices', 'refunds'];
    /** So many days are compared again each night: who restores yesterday's backup has lost more than one. */
    private const DAYS = 3;

    /**
     * @param string $from first and
     * @param string $to last day, as 2026-01-31
     * @param string $cursor '' or what the page before gave as next
     * @return array{events: array, next: string|null}
     */
    public static function page(string $from, string $to, string $cursor): array
    {
        [$step, $after] = explode(':', $cursor === '' ? 'clients:0' : $cursor) + [1 => '0'];
        if (!in_array($step, self::STEPS, true)) {
            return ['events' => [], 'next' => null];
        }
        $rows = self::rows($step, "$from 00:00:00", "$to 23:59:59", (int) $after);
        $events = self::withoutQueued(array_merge([], ...array_map([self::class, $step . 'Events'], $rows)));
        $last = end($rows);
        if (count($rows) === self::MOST) {
            return ['events' => $events, 'next' => "$step:$last->id"];
        }
        $following = self::STEPS[array_search($step, self::STEPS, true) + 1] ?? null;
        return ['events' => $events, 'next' => $following === null ? null : "$following:0"];
    }

    /** Each night: hands the last days to the service, which takes what it misses. */
    public static function compare(Patience $patience): void
    {
        Queue::deliver($patience);
        // A day that is not over has facts that are on their way.
        $to = date('Y-m-d', strtotime('-1 day'));
        $from = max(date('Y-m-d', strtotime('-' . self::DAYS . ' days')), State::get('active_since'));
        $missed = 0;
        for ($cursor = ''; $cursor !== null && $from <= $to;) {
            ['events' => $events, 'next' => $cursor] = self::page($from, $to, $cursor);
            if ($events !== []) {
                $answer = Service::ask('POST', '/reconcile', ['events' => $events, 'apply' => true], $patience);
                $missed += count($answer['missing'] ?? []);
            }
        }
        if ($missed > 0) {
            Guard::log("$missed facts from $from to $to had been missed, and were handed in");
        }
    }

    private static function rows(string $step, string $from, string $to, int $after): array
    {
        $tables = ['clients' => 'tblclients', 'invoices' => 'tblinvoices', 'refunds' => 'tblaccounts'];
        $dates = ['clients' => 'datecreated', 'invoices' => 'datepaid', 'refunds' => 'date'];
        $query = Capsule::table($tables[$step])->whereBetween($dates[$step], [$from, $to]);
        if ($step === 'invoices') {
            $query->whereIn('status', ['Paid', 'Refunded']);
        } elseif ($step === 'refunds') {
            $query->where('amountout', '>', 0);
        }
        return $query->where('id', '>', $after)->orderBy('id')->limit(self::MOST)->get()->all();
    }

    private static function clientsEvents($client): array
    {
        // Without the cookie, which is nowhere but in the hook: better nobody's referral than not known at all.
        $told = ['client_id' => $client->id] + (Clients::identity((int) $client->id) ?? []);
        return [self::event('ClientAdd', Clients::addedId((int) $client->id), $client->datecreated, $told)];
    }

    private static function invoicesEvents($invoice): array
    {
        $paid = Invoices::snapshot($invoice);
        $events = [self::event('InvoicePaid', Invoices::paidId($invoice), $invoice->datepaid, $paid)];
        if ($invoice->status === 'Refunded') {
            $refunded = ['invoiceid' => $invoice->id];
            $events[] = self::event('InvoiceRefunded', Invoices::refundedId((int) $invoice->id), $invoice->datepaid, $refunded);
        }
        return $events;
    }

    private static function refundsEvents($row): array
    {
        $refund = Refunds::snapshot($row);
        return $refund === null ? [] : [self::event('InvoiceRefunded', Refunds::id($row), $row->date, $refund)];
    }

    private static function event(string $hook, string $id, $date, array $payload): array
    {
        return ['hook' => $hook, 'payload' => $payload + ['eventId' => $id, 'at' => Moment::of($date) ?? Moment::now()]];
    }

    /** What waits to be sent says more than its row does, and must arrive first. */
    private static function withoutQueued(array $events): array
    {
        $ids = array_map(static function (array $event): string {
            return $event['payload']['eventId'];
        }, $events);
        $queued = Capsule::table(Tables::QUEUE)->whereIn('event_id', $ids)->pluck('event_id')->all();
        return array_values(array_filter($events, static function (array $event) use ($queued): bool {
            return !in_array($event['payload']['eventId'], $queued, true);
        }));
    }
}
