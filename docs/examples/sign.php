<?php

/** Asks the service with a signed request. @return array{int, string} the status, 0 without an answer, and the body */
function ask(string $service, string $secret, string $method, string $path, string $body = ''): array
{
    $encode = static function (string $bytes): string {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    };
    $claims = [
        'iss' => 'portal',
        'aud' => 'affiliates',
        'iat' => time(),
        'exp' => time() + 60,
        'jti' => bin2hex(random_bytes(16)),
        'req' => "$method $path",
        'sha256' => hash('sha256', $body),
    ];
    $signed = $encode('{"alg":"HS256","typ":"JWT"}') . '.' . $encode(json_encode($claims, JSON_UNESCAPED_SLASHES));
    $token = $signed . '.' . $encode(hash_hmac('sha256', $signed, $secret, true));
    $options = [
        'method' => $method,
        'header' => "Authorization: Bearer $token\r\nContent-Type: application/json\r\n",
        'content' => $body,
        'ignore_errors' => true,
        'timeout' => 5,
    ];
    $answer = (string) file_get_contents($service . $path, false, stream_context_create(['http' => $options]));
    preg_match('~^HTTP/\S+ (\d+)~', $http_response_header[0] ?? '', $status);
    return [(int) ($status[1] ?? 0), $answer];
}

[$status, $answer] = ask(getenv('SERVICE'), getenv('HOST_SECRET'), 'POST', '/events', stream_get_contents(STDIN));
echo $status, ' ', $answer, "\n";
