<?php

namespace CloudPockets\Affiliates;

/** The service understood and will never do it: the same request again gets the same answer. */
final class Refused extends \RuntimeException
{
    /** @var string the code of the refusal, as docs/wire.md of the service lists them */
    public $reason;
    /** @var string the field that it is about; '' for none */
    public $field;

    public function __construct(string $reason, string $field, string $message)
    {
        parent::__construct($message);
        $this->reason = $reason;
        $this->field = $field;
    }
}
