<?php

namespace CloudPockets\Affiliates;

/** The service cannot be asked now: it is down, slow or wrong, or does not know us. Later it may be another matter. */
final class Unavailable extends \RuntimeException
{
    /** @param string $reason a word of `whmcs.down.<reason>` in lang/, or what the service calls it */
    public function __construct(string $reason)
    {
        parent::__construct($reason);
    }
}
