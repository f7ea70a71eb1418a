<?php

namespace CloudPockets\Affiliates;

/** Times as the service reads them. WHMCS keeps its own in the time zone that PHP runs in. */
final class Moment
{
    public static function now(): string
    {
        $now = self::milliseconds();
        return gmdate('Y-m-d\TH:i:s', intdiv($now, 1000)) . sprintf('.%03dZ', $now % 1000);
    }

    /** Since 1970. */
    public static function milliseconds(): int
    {
        return (int) (microtime(true) * 1000);
    }

    /** @param mixed $kept a date of WHMCS's; '0000-00-00 00:00:00' where there is none */
    public static function of($kept): ?string
    {
        $time = strpos((string) $kept, '0000') === 0 ? false : strtotime((string) $kept);
        return $time === false ? null : gmdate('Y-m-d\TH:i:s\Z', $time);
    }
}
