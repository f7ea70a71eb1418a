<?php

namespace CloudPockets\Affiliates;

use Illuminate\Database\QueryException;
use WHMCS\Database\Capsule;

/**
 * What the service asks of WHMCS: tickets, mails and credit, each done once. Before it is begun its key is kept, and
 * when it is done its answer, so that a command that comes again is answered and not done again.
 */
final class Commands
{
    /** So long after its begin, nobody is still at it: whoever began it was ended in the middle. */
    private const ABANDONED_SECONDS = 600;

    /** @throws Unavailable */
    public static function run(Patience $patience, int $most): void
    {
        $answer = Service::ask('GET', "/commands?limit=$most", null, $patience);
        $acks = [];
        foreach ($answer['commands'] ?? [] as $command) {
            $told = self::once((string) $command['key'], (string) $command['kind'], $command['request']);
            if ($told !== null) {
                $acks[] = ['id' => $command['id']] + $told;
            }
        }
        if ($acks !== []) {
            Service::ask('POST', '/commands/ack', ['acks' => $acks], $patience);
        }
    }

    /** @return array|null what to tell the service of it; null while another process may be at it */
    private static function once(string $key, string $kind, array $request): ?array
    {
        $known = Capsule::table(Tables::COMMANDS)->where('command_key', $key)->first();
        if ($known === null && self::begin($key, $kind)) {
            return self::attempt($key, $kind, $request);
        }
        if ($known !== null && $known->answer !== null) {
            return ['answer' => self::answer(json_decode($known->answer, true))];
        }
        if ($known === null || strtotime($known->begun_at) > time() - self::ABANDONED_SECONDS) {
            return null;
        }
        $found = Requests::trace($kind, $request, $key, $known->begun_at);
        if ($found !== null) {
            return self::done($key, $found);
        }
        // It left no trace, so it was not done. Of several processes that see this, one takes it over.
        $mine = Capsule::table(Tables::COMMANDS)->where('command_key', $key)->where('begun_at', $known->begun_at)
            ->update(['begun_at' => date('Y-m-d H:i:s')]);
        return $mine === 1 ? self::attempt($key, $kind, $request) : null;
    }

    private static function begin(string $key, string $kind): bool
    {
        $row = ['command_key' => $key, 'kind' => $kind, 'begun_at' => date('Y-m-d H:i:s')];
        try {
            return Capsule::table(Tables::COMMANDS)->insert($row);
        } catch (QueryException $taken) {
            return false;
        }
    }

    private static function attempt(string $key, string $kind, array $request): ?array
    {
        // A fault leaves it begun: whether it was done is looked for when it comes again.
        $answer = Guard::run("The command $kind", static function () use ($key, $kind, $request): ?array {
            return Requests::carryOut($kind, $request, $key);
        }, ['fault' => true]);
        if (isset($answer['fault'])) {
            return ['failed' => true];
        }
        if ($answer !== null) {
            return self::done($key, $answer);
        }
        // WHMCS said no, for now: nothing was done, and it may be tried again.
        Capsule::table(Tables::COMMANDS)->where('command_key', $key)->delete();
        return ['failed' => true];
    }

    private static function done(string $key, array $answer): array
    {
        Capsule::table(Tables::COMMANDS)->where('command_key', $key)->update(['answer' => Text::json((object) $answer)]);
        return ['answer' => self::answer($answer)];
    }

    /** An empty answer is an object as well. */
    private static function answer(array $answer): object
    {
        return (object) $answer;
    }
}
