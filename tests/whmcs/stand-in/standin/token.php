<?php
/** For tests: signs and reads tokens with the addon's own code. A list of cases in, a list of answers out, in JSON. */

require $argv[1] . '/lib/load.php';

use CloudPockets\Affiliates\Token;

echo json_encode(array_map(static function (array $case) {
    [$secret, $method, $address] = [$case['secret'], $case['method'], $case['address']];
    return isset($case['token'])
        ? Token::read($secret, $case['token'], $method, $address) !== null
        : Token::sign($secret, $method, $address, $case['body']);
}, json_decode((string) stream_get_contents(STDIN), true)));
