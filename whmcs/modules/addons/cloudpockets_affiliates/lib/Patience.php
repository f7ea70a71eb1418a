<?php

namespace CloudPockets\Affiliates;

/** For how long somebody can be kept waiting for the service, all that is asked of it together. */
final class Patience
{
    /** @var float seconds to connect */
    public $connect;
    /** @var bool whether the service is asked although it failed a moment ago */
    public $insists;
    /** @var float */
    private $until;

    private function __construct(float $connect, float $total, bool $insists)
    {
        $this->connect = $connect;
        $this->until = microtime(true) + $total;
        $this->insists = $insists;
    }

    /** Beside a signup, a payment or somebody else's page. */
    public static function ofHook(): self
    {
        return new self(1.0, 2.5, false);
    }

    /** For a page of ours, which somebody asked for. @param bool $insists for staff, who want to see whether it answers now */
    public static function ofPage(bool $insists = false): self
    {
        return new self(1.0, 8.0, $insists);
    }

    /** For the cron, for whom nobody waits. */
    public static function ofCron(float $seconds = 60.0): self
    {
        return new self(3.0, $seconds, true);
    }

    /** Milliseconds; 0 when it is over. */
    public function left(): int
    {
        return max(0, (int) (($this->until - microtime(true)) * 1000));
    }
}
