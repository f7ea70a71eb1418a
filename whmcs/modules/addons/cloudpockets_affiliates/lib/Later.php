<?php

namespace CloudPockets\Affiliates;

/**
 * Links that were followed while the service could not be told, kept in a cookie at their visitor until it can. The
 * cookie is not signed: whoever writes it by hand gains no more than by opening the link.
 */
final class Later
{
    private const SUFFIX = '_later';
    /** Of more links than that the first ones and the last say whose the visitor is. */
    private const MOST = 4;
    private const LONGEST = 2000;
    /** Code or number, ms, id, campaign, and the headers by their places below. */
    private const FORM = '~^(?:r(?<code>[a-z0-9_-]{1,40})|a(?<number>[1-9]\d{0,14})):(?<at>\d{13}):(?<id>[0-9a-f]{16})'
        . ':(?<campaign>[A-Za-z0-9_.-]{0,64}):(?<headers>(?:[0-5][A-Za-z_-]{1,30}\.){0,6})$~D';
    /** How a browser says that nobody may see the page: it holds for the visit, whatever page it is told from. */
    private const HEADERS = ['purpose', 'x-purpose', 'sec-purpose', 'x-moz', 'sec-fetch-dest', 'sec-fetch-site'];

    /** @var string[]|null as the cookie has them */
    private static $kept;

    /** @return array[] what waits at this visitor, the earliest first, as the service takes visits */
    public static function visits(): array
    {
        return array_map(static function (string $kept): array {
            preg_match(self::FORM, $kept, $is);
            $whose = $is['code'] !== '' ? ['code' => $is['code']] : ['affiliateId' => $is['number']];
            $headers = array_intersect_key(Visitor::headers(), ['user-agent' => true]);
            foreach (array_filter(explode('.', $is['headers'])) as $header) {
                $headers[self::HEADERS[(int) $header[0]]] = substr($header, 1);
            }
            return $whose + ['at' => (int) $is['at'], 'id' => $is['id'], 'campaign' => $is['campaign'], 'headers' => $headers];
        }, self::kept());
    }

    /** @param array $visit as the service takes it; one that could be no affiliate's is not kept */
    public static function keep(array $visit): void
    {
        $headers = '';
        foreach (self::HEADERS as $place => $name) {
            $said = substr((string) preg_replace('/[^A-Za-z-]+/', '_', $visit['headers'][$name] ?? ''), 0, 30);
            $headers .= $said === '' ? '' : "$place$said.";
        }
        $code = strtolower(trim($visit['code'] ?? ''));
        $campaign = preg_match('/^[\w.-]{1,64}$/D', $visit['campaign']) === 1 ? $visit['campaign'] : '';
        $written = isset($visit['code']) ? "r$code" : 'a' . $visit['affiliateId'];
        $written .= ":{$visit['at']}:{$visit['id']}:$campaign:$headers";
        if (self::isGood($written)) {
            self::save(array_merge(array_slice(self::kept(), 0, self::MOST - 1), [$written]));
        }
    }

    /** Forgets one that was told. */
    public static function drop(string $id): void
    {
        self::save(array_values(array_filter(self::kept(), static function (string $kept) use ($id): bool {
            return strpos($kept, ":$id:") === false;
        })));
    }

    /** @return string[] */
    private static function kept(): array
    {
        if (self::$kept === null) {
            $sent = (string) ($_SERVER['HTTP_COOKIE'] ?? '');
            self::$kept = strpos($sent, self::SUFFIX . '=') === false ? [] : self::read($sent);
        }
        return self::$kept;
    }

    /** @param string $sent all cookies, written by whoever sent them */
    private static function read(string $sent): array
    {
        $pattern = '/(?:^|;) *' . preg_quote(self::name(), '/') . '=([^;]{1,' . self::LONGEST . '})(?:;|$)/D';
        $value = preg_match($pattern, $sent, $is) === 1 ? rawurldecode($is[1]) : '';
        return array_slice(array_values(array_filter(explode('~', $value), [self::class, 'isGood'])), 0, self::MOST);
    }

    /** Whether it has the form of a visit, at a time that the service would take. */
    private static function isGood(string $written): bool
    {
        if (preg_match(self::FORM, $written, $is) !== 1) {
            return false;
        }
        $age = Moment::milliseconds() - (int) $is['at'];
        return $age > -60000 && $age < self::life() * 1000;
    }

    /** @param string[] $kept */
    private static function save(array $kept): void
    {
        self::$kept = $kept;
        if (!headers_sent()) {
            setcookie(self::name(), implode('~', $kept), [
                'expires' => $kept === [] ? 1 : time() + self::life(),
                'path' => '/',
                'secure' => Visitor::isSecure(),
                'httponly' => true,
                'samesite' => 'Lax',
            ]);
        }
    }

    private static function name(): string
    {
        $name = Settings::get('cookieName');
        return (preg_match('/^[\w-]{1,64}$/D', $name) === 1 ? $name : 'affiliates_ref') . self::SUFFIX;
    }

    /** Seconds for which a link is remembered. */
    private static function life(): int
    {
        return min(730, max(1, (int) Settings::get('cookieDays'))) * 86400;
    }
}
