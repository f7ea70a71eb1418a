<?php

namespace CloudPockets\Affiliates;

/** The service cannot be asked now: it is down, slow or wrong, or does not know us. Later it may be another matter. */
final class Unavailable extends \RuntimeException
{
    /** @var string the number behind the reason, for the module log */
    public $detail;

    /** @param string $reason a word of `whmcs.down.<reason>` in lang/, or what the service calls it */
    public function __construct(string $reason, string $detail = '')
    {
        parent::__construct($reason);
        $this->detail = $detail;
    }
}
