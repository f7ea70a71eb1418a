<?php

namespace CloudPockets\Affiliates;

/** WHMCS keeps two decimals in every currency. Sums are made of whole hundredths, so that no cent is lost. */
final class Money
{
    public static function cents($decimal): int
    {
        return (int) round((float) $decimal * 100);
    }

    public static function decimal(int $cents): string
    {
        return sprintf('%s%d.%02d', $cents < 0 ? '-' : '', intdiv(abs($cents), 100), abs($cents) % 100);
    }
}
