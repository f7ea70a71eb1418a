<?php
/** A clock that tests can move: the addon's own, and no other. The file holds the seconds by which it is off. */

namespace CloudPockets\Affiliates;

function standin_offset(): int
{
    return (int) @file_get_contents((string) getenv('STANDIN_CLOCK'));
}

function time(): int
{
    return \time() + standin_offset();
}

function microtime(bool $asFloat = false): float
{
    return \microtime(true) + standin_offset();
}
