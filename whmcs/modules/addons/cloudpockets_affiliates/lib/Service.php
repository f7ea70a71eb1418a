<?php

namespace CloudPockets\Affiliates;

/** Speaks to the service: signed JSON over HTTP. After a failure it is left alone for a while, so that nobody waits. */
final class Service
{
    private const REST_SECONDS = 30;
    /** One request of the cron's. */
    private const LONGEST_MS = 20000;
    /** What staff read where curl fails, by its numbers; PHP has no name for each. */
    private const FAULTS = [
        CURLE_OPERATION_TIMEDOUT => 'slow',
        CURLE_SSL_CONNECT_ERROR => 'no_tls',
        51 => 'certificate',
        CURLE_SSL_CACERT => 'certificate',
        77 => 'certificate',
    ];
    /** And where a web server answers in the place of the service, or the service without a code. */
    private const STATUSES = [
        403 => 'not_let_through',
        500 => 'failing',
        502 => 'only_proxy',
        503 => 'only_proxy',
        504 => 'only_proxy',
    ];

    /**
     * @param string $address path and query
     * @param array|string|null $body what becomes JSON, or JSON; null for GET
     * @return array the answer
     * @throws Unavailable
     * @throws Refused
     */
    public static function ask(string $method, string $address, $body, Patience $patience): array
    {
        if (!$patience->insists && (int) State::get('resting_until') > time()) {
            throw new Unavailable('resting');
        }
        if ($patience->left() < 100) {
            // Whoever asked before has used up the time; that is no fault of the service's.
            throw new Unavailable('late');
        }
        try {
            $answer = self::send($method, $address, $body, $patience);
        } catch (Unavailable $down) {
            self::rest($down, "$method $address");
            throw $down;
        }
        if (State::get('down') !== '') {
            State::forget('down', 'resting_until');
        }
        return $answer;
    }

    private static function send(string $method, string $address, $body, Patience $patience): array
    {
        $url = Settings::serviceUrl();
        $secret = Settings::secret();
        if ($url === '' || strlen($secret) < Settings::SHORTEST_SECRET) {
            throw new Unavailable('not_set_up');
        }
        $sent = $body === null ? '' : (is_string($body) ? $body : Text::json($body));
        // The address without what a proxy takes off before the service sees it.
        $headers = ['Accept: application/json', 'Authorization: Bearer ' . Token::sign($secret, $method, $address, $sent)];
        if ($body !== null) {
            // An empty Expect: curl would ask first whether it may send a long body, and wait for the answer.
            array_push($headers, 'Content-Type: application/json', 'Expect:');
        }
        $request = curl_init($url . $address);
        curl_setopt_array($request, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_CONNECTTIMEOUT_MS => (int) ($patience->connect * 1000),
            CURLOPT_TIMEOUT_MS => min(self::LONGEST_MS, $patience->left()),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_HTTPHEADER => $headers,
        ]);
        if ($body !== null) {
            curl_setopt($request, CURLOPT_POSTFIELDS, $sent);
        }
        $text = curl_exec($request);
        $status = (int) curl_getinfo($request, CURLINFO_RESPONSE_CODE);
        $fault = curl_errno($request);
        curl_close($request);
        if ($text === false) {
            throw new Unavailable(self::FAULTS[$fault] ?? 'unreachable', "curl $fault");
        }
        return self::read($status, json_decode((string) $text, true));
    }

    private static function read(int $status, $answer): array
    {
        if ($status === 200 && is_array($answer)) {
            return $answer;
        }
        $error = is_array($answer) && is_array($answer['error'] ?? null) ? $answer['error'] : [];
        $code = substr((string) ($error['code'] ?? ''), 0, 60);
        if (in_array($status, [400, 413, 422], true) && $code !== '') {
            throw new Refused($code, substr((string) ($error['field'] ?? ''), 0, 120), (string) ($error['message'] ?? ''));
        }
        // 401 among them: until the secrets or the clocks are put right, no request will do better.
        $isOurs = $code !== '' && in_array($status, [401, 503], true);
        throw new Unavailable($isOurs ? $code : (self::STATUSES[$status] ?? 'answer_unreadable'), "status $status");
    }

    private static function rest(Unavailable $down, string $request): void
    {
        $reason = $down->getMessage();
        State::set('resting_until', (string) (time() + self::REST_SECONDS));
        if (State::get('down') === $reason) {
            return;
        }
        State::set('down', $reason);
        // The reason alone: requests and answers hold what is nobody else's business.
        logModuleCall(Settings::MODULE, strtok($request, '?'), '', trim("$reason $down->detail"), '', []);
    }
}
