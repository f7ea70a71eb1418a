<?php

namespace CloudPockets\Affiliates;

/** Visits through a referral link. Whether one counts the service decides; it also makes the cookie. */
final class Visits
{
    /** The cookie of WHMCS's built-in program, whose links lead to the same affiliates after an import. */
    private const BUILT_IN_COOKIE = 'WHMCSAffiliateID';
    private const HEADERS = [
        'user-agent', 'referer', 'purpose', 'x-purpose', 'sec-purpose', 'x-moz', 'sec-fetch-dest', 'sec-fetch-site',
    ];

    /** `?ref=CODE` on any page, or `?aff=7` as the links of WHMCS's built-in program have it. */
    public static function onPage(): void
    {
        $page = (string) ($_SERVER['REQUEST_URI'] ?? '');
        if (self::parameter('ref') !== '') {
            self::count(['code' => self::parameter('ref')], $page);
        } elseif (self::parameter('aff') !== '') {
            self::count(['affiliateId' => self::parameter('aff')], $page);
        }
    }

    /** A link of WHMCS's built-in program was followed; after an import its number is known to the service. */
    public static function byNumber(string $affiliateId): void
    {
        self::count(['affiliateId' => $affiliateId], '');
    }

    /** The code of the link `index.php?m=cloudpockets_affiliates&r=CODE`; '' for a page of its own. */
    public static function linkCode(): string
    {
        return self::parameter('r');
    }

    /** Counts a link, and leads on to the page of the portal that it names, or else to its front page. */
    public static function follow(string $code): void
    {
        $landing = self::parameter('to');
        self::count(['code' => $code], $landing);
        header('Cache-Control: no-store');
        header('Referrer-Policy: strict-origin-when-cross-origin');
        header('Location: ' . self::landingOn(Settings::portalUrl(), $landing), true, 302);
    }

    /** @return string a page of the portal; its front page for anything that would lead elsewhere */
    public static function landingOn(string $portal, string $landing): string
    {
        // Browsers drop controls and turn backslashes over, so that what is checked would not be what is visited.
        $isPath = preg_match('~^/(?![/\\\\])[^\x00-\x20\x7f\\\\]{0,1999}$~D', $landing) === 1;
        if (!$isPath || strpos((string) parse_url($landing, PHP_URL_PATH), '//') !== false) {
            return $portal;
        }
        $home = parse_url($portal);
        $port = isset($home['port']) ? ':' . $home['port'] : '';
        return $home['scheme'] . '://' . $home['host'] . $port . $landing;
    }

    /** The visitor's address, as WHMCS knows it behind its proxies. */
    public static function address(): string
    {
        $known = ['WHMCS\Utility\Environment\CurrentRequest', 'getIP'];
        return is_callable($known) ? (string) $known() : (string) ($_SERVER['REMOTE_ADDR'] ?? '');
    }

    /** Of the visitor's cookies those alone that say who brought them: the session is nobody's business. */
    public static function cookies(): string
    {
        $wanted = [Settings::get('cookieName'), self::BUILT_IN_COOKIE];
        $kept = array_filter(explode(';', (string) ($_SERVER['HTTP_COOKIE'] ?? '')), static function ($pair) use ($wanted): bool {
            return in_array(trim(explode('=', $pair, 2)[0]), $wanted, true);
        });
        return substr(implode('; ', array_map('trim', $kept)), 0, 16000);
    }

    /** @param array $whose `code`, or `affiliateId` of the built-in program */
    private static function count(array $whose, string $landing): void
    {
        Guard::run('Counting a visit', static function () use ($whose, $landing): void {
            $headers = [];
            foreach (self::HEADERS as $name) {
                $headers[$name] = substr((string) ($_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? ''), 0, 2000);
            }
            $answer = Service::ask('POST', '/clicks', $whose + [
                'landing' => substr($landing, 0, 2000),
                'campaign' => self::parameter('campaign'),
                'cookie' => self::cookies(),
                'ip' => self::address(),
                'headers' => array_filter($headers, 'strlen'),
                'secure' => self::isSecure(),
            ], Patience::ofHook());
            if (is_string($answer['setCookie'] ?? null) && !headers_sent()) {
                header('Set-Cookie: ' . $answer['setCookie'], false);
            }
        });
    }

    private static function parameter(string $name): string
    {
        parse_str((string) ($_SERVER['QUERY_STRING'] ?? ''), $query);
        return is_string($query[$name] ?? null) ? substr($query[$name], 0, 2000) : '';
    }

    /** Behind a proxy that ends TLS, the portal's own address says it. */
    private static function isSecure(): bool
    {
        $https = strtolower((string) ($_SERVER['HTTPS'] ?? ''));
        return ($https !== '' && $https !== 'off') || strpos(Settings::portalUrl(), 'https://') === 0;
    }
}
