<?php

namespace CloudPockets\Affiliates;

/** Keeps what goes wrong here from going wrong in WHMCS: a signup, a payment or a page goes on without us. */
final class Guard
{
    /**
     * @param string $what is done, for the activity log
     * @param mixed $otherwise given where the work fails
     * @return mixed what the work gives
     */
    public static function run(string $what, callable $work, $otherwise = null)
    {
        try {
            return $work();
        } catch (Unavailable $down) {
            // Said once, by whoever found it out; staff see it on the addon's page.
            return $otherwise;
        } catch (\Throwable $fault) {
            self::note($what, $fault);
            return $otherwise;
        }
    }

    public static function log(string $sentence, int $clientId = 0): void
    {
        try {
            logActivity("CloudPockets Affiliates: $sentence", $clientId);
        } catch (\Throwable $fault) {
            // Without a log there is nobody left to tell.
        }
    }

    /** The place and kind of a fault, never its message: those of databases quote what was to be written. */
    private static function note(string $what, \Throwable $fault): void
    {
        $place = basename($fault->getFile()) . ':' . $fault->getLine();
        self::log("$what failed: " . get_class($fault) . " in $place");
    }
}
