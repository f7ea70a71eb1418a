<?php

namespace CloudPockets\Affiliates;

/** Whoever asks for this page, as far as the service is told. */
final class Visitor
{
    /** The cookie of WHMCS's built-in program, whose links lead to the same affiliates after an import. */
    private const BUILT_IN_COOKIE = 'WHMCSAffiliateID';
    private const HEADERS = [
        'user-agent', 'referer', 'purpose', 'x-purpose', 'sec-purpose', 'x-moz', 'sec-fetch-dest', 'sec-fetch-site',
    ];

    /** @var string the cookie that the service gave in this very request, as the browser will send it; '' for none */
    private static $given = '';

    /** The visitor's address, as WHMCS knows it behind its proxies. */
    public static function address(): string
    {
        $known = ['WHMCS\Utility\Environment\CurrentRequest', 'getIP'];
        return is_callable($known) ? (string) $known() : (string) ($_SERVER['REMOTE_ADDR'] ?? '');
    }

    /** Of the visitor's cookies those alone that say who brought them: the session is nobody's business. */
    public static function cookies(): string
    {
        $own = Settings::get('cookieName');
        $wanted = self::$given === '' ? [$own, self::BUILT_IN_COOKIE] : [self::BUILT_IN_COOKIE];
        $sent = explode(';', (string) ($_SERVER['HTTP_COOKIE'] ?? ''));
        $kept = array_filter(array_map('trim', $sent), static function (string $pair) use ($wanted): bool {
            return in_array(explode('=', $pair, 2)[0], $wanted, true);
        });
        return substr(implode('; ', array_filter(array_merge($kept, [self::$given]))), 0, 16000);
    }

    /** @param string $setCookie as the service made it */
    public static function give(string $setCookie): void
    {
        if (!headers_sent()) {
            header("Set-Cookie: $setCookie", false);
            self::$given = explode(';', $setCookie, 2)[0];
        }
    }

    /** @return array<string, string> what the service looks at of the headers of this request, as far as it has them */
    public static function headers(): array
    {
        $headers = [];
        foreach (self::HEADERS as $name) {
            $headers[$name] = substr((string) ($_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? ''), 0, 2000);
        }
        return array_filter($headers, 'strlen');
    }

    /** Behind a proxy that ends TLS, the portal's own address says it. */
    public static function isSecure(): bool
    {
        $https = strtolower((string) ($_SERVER['HTTPS'] ?? ''));
        return ($https !== '' && $https !== 'off') || strpos(Settings::portalUrl(), 'https://') === 0;
    }
}
