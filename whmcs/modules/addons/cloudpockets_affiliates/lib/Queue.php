<?php

namespace CloudPockets\Affiliates;

use Illuminate\Database\QueryException;
use WHMCS\Database\Capsule;

/** What happened here, in order, until the service has it. */
final class Queue
{
    private const MOST = 200;
    private const MOST_BYTES = 400000;

    /**
     * Keeps a fact. The same id again is the same fact.
     * @param string $hook the service's name for what happened
     */
    public static function keep(string $hook, string $eventId, array $payload): void
    {
        $payload += ['eventId' => $eventId, 'at' => Moment::now()];
        $row = ['event_id' => $eventId, 'hook' => $hook, 'payload' => Text::json($payload), 'created_at' => date('Y-m-d H:i:s')];
        try {
            Capsule::table(Tables::QUEUE)->insert($row);
        } catch (QueryException $fault) {
            if (!Capsule::table(Tables::QUEUE)->where('event_id', $eventId)->exists()) {
                throw $fault;
            }
        }
    }

    public static function count(string $status): int
    {
        return Capsule::table(Tables::QUEUE)->where('status', $status)->count();
    }

    /** @return object[] the oldest of those refused for ever, for staff */
    public static function refused(): array
    {
        return Capsule::table(Tables::QUEUE)->where('status', 'refused')->orderBy('id')->limit(100)->get()->all();
    }

    /** Puts what was refused back, for instance after an upgrade of the service. */
    public static function retry(): void
    {
        Capsule::table(Tables::QUEUE)->where('status', 'refused')->update(['status' => 'waiting', 'code' => '', 'field' => '']);
    }

    public static function discard(int $id): void
    {
        Capsule::table(Tables::QUEUE)->where('status', 'refused')->where('id', $id)->delete();
    }

    /**
     * Sends everything that waits, oldest first.
     * @throws Unavailable what was not taken yet stays, in order
     */
    public static function deliver(Patience $patience): void
    {
        for ($after = 0; $rows = self::waiting($after);) {
            $after = end($rows)->id;
            self::send($rows, $patience);
        }
    }

    private static function waiting(int $after): array
    {
        $rows = Capsule::table(Tables::QUEUE)->where('status', 'waiting')->where('id', '>', $after)
            ->orderBy('id')->limit(self::MOST)->get()->all();
        $bytes = 0;
        return array_values(array_filter($rows, static function ($row) use (&$bytes): bool {
            $isFirst = $bytes === 0;
            $bytes += strlen($row->payload);
            return $isFirst || $bytes <= self::MOST_BYTES;
        }));
    }

    private static function send(array $rows, Patience $patience): void
    {
        $events = array_map(static function ($row): string {
            return '{"hook":' . Text::json($row->hook) . ',"payload":' . $row->payload . '}';
        }, $rows);
        try {
            $answer = Service::ask('POST', '/events', '{"events":[' . implode(',', $events) . ']}', $patience);
        } catch (Refused $refusal) {
            self::sendApart($rows, $refusal, $patience);
            return;
        }
        $answers = $answer['answers'] ?? null;
        if (!is_array($answers) || count($answers) !== count($rows)) {
            throw new Unavailable('answer_unreadable');
        }
        foreach ($rows as $index => $row) {
            self::settle($row, is_array($answers[$index] ?? null) ? $answers[$index] : []);
        }
    }

    /** One of them spoils the batch: in halves it is found, and holds up no other. */
    private static function sendApart(array $rows, Refused $refusal, Patience $patience): void
    {
        if (count($rows) === 1) {
            self::setAside($rows[0], $refusal->reason, $refusal->field);
            return;
        }
        foreach (array_chunk($rows, (int) ceil(count($rows) / 2)) as $half) {
            self::send($half, $patience);
        }
    }

    private static function settle($row, array $answer): void
    {
        if (($answer['accepted'] ?? null) === true) {
            Capsule::table(Tables::QUEUE)->where('id', $row->id)->delete();
        } elseif (($answer['retry'] ?? null) === false) {
            self::setAside($row, (string) ($answer['code'] ?? ''), (string) ($answer['field'] ?? ''));
        }
        // Anything else is a fault on the other side: the fact stays and is sent again.
    }

    private static function setAside($row, string $code, string $field): void
    {
        $what = ['status' => 'refused', 'code' => substr($code, 0, 60), 'field' => substr($field, 0, 120)];
        Capsule::table(Tables::QUEUE)->where('id', $row->id)->update($what);
        Guard::log("{$row->hook} {$row->event_id} was refused: $code $field");
    }
}
