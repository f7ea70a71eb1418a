<?php

namespace CloudPockets\Affiliates;

/** When what waits is sent, and what is asked of WHMCS is done. */
final class Delivery
{
    /** @var bool what the service asks for makes hooks fire, which must not ask it again from within */
    private static $busy = false;

    /** Keeps a fact, and sends it at once where that takes no time. */
    public static function report(string $hook, string $eventId, array $payload): void
    {
        Queue::keep($hook, $eventId, $payload);
        self::attempt(Patience::ofHook(), 5);
    }

    /** @param int $commands how many of those that wait are done now, at most */
    public static function attempt(Patience $patience, int $commands): void
    {
        if (self::$busy) {
            return;
        }
        self::$busy = true;
        try {
            Guard::run('Sending events', static function () use ($patience, $commands): void {
                Queue::deliver($patience);
                Commands::run($patience, $commands);
                // What was done has made hooks fire, whose facts waited for it to end.
                Queue::deliver($patience);
            });
        } finally {
            self::$busy = false;
        }
    }

    /** Tells the service the settings of the form, where they are not those it was told last. */
    public static function settings(Patience $patience): void
    {
        $settings = Settings::ofProgram();
        $digest = hash('sha256', Text::json([$settings, Settings::serviceUrl()]));
        if (State::get('settings_sent') === $digest) {
            return;
        }
        try {
            $answer = Service::ask('PUT', '/settings', ['settings' => $settings], $patience);
            State::set('settings_problem', '');
            State::set('settings_overridden', implode(', ', array_map('strval', $answer['overridden'] ?? [])));
            State::set('settings_sent', $digest);
        } catch (Refused $refusal) {
            State::set('settings_problem', $refusal->field . ': ' . $refusal->getMessage());
        }
    }
}
