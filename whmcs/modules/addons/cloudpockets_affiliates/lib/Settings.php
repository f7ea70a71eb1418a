<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** What staff set in the addon's form, and the few things that WHMCS itself says. */
final class Settings
{
    public const MODULE = 'cloudpockets_affiliates';
    public const SHORTEST_SECRET = 32;
    /** How the service is reached; every other field is a setting of the program. */
    private const CONNECTION = ['serviceUrl', 'serviceSecret', 'ticketAdmin'];

    /** @var array<string, string>|null */
    private static $stored;

    /** @return array{version: string, fields: array<string, array<string, mixed>>} */
    public static function form(): array
    {
        return require __DIR__ . '/form.php';
    }

    /** As staff set it, or else its default. */
    public static function get(string $name): string
    {
        if (self::$stored === null) {
            $rows = Capsule::table('tbladdonmodules')->where('module', self::MODULE)->pluck('value', 'setting');
            self::$stored = array_map([Text::class, 'plain'], $rows->all());
        }
        return trim(self::$stored[$name] ?? (string) (self::form()['fields'][$name]['Default'] ?? ''));
    }

    public static function serviceUrl(): string
    {
        return rtrim(self::get('serviceUrl'), '/');
    }

    /** What requests are signed with; some versions of WHMCS keep fields of the type password encrypted. */
    public static function secret(): string
    {
        $kept = self::get('serviceSecret');
        $answer = localAPI('DecryptPassword', ['password2' => $kept]);
        $decrypted = (string) ($answer['password'] ?? '');
        // Decrypting what never was encrypted gives nothing, or noise.
        $isSecret = strlen($decrypted) >= self::SHORTEST_SECRET && preg_match('/^[\x20-\x7e]+$/D', $decrypted) === 1;
        return $isSecret ? $decrypted : $kept;
    }

    /** @return array<string, string> the program's settings, as the service takes them */
    public static function ofProgram(): array
    {
        $settings = [];
        foreach (array_keys(self::form()['fields']) as $name) {
            if (!in_array($name, self::CONNECTION, true)) {
                $settings[$name] = self::get($name) === '' ? self::own($name) : self::get($name);
            }
        }
        return $settings;
    }

    /** The program's currency, in whose units exchange rates are told. */
    public static function currency(): string
    {
        return self::get('currency') === '' ? self::own('currency') : self::get('currency');
    }

    /** The portal's address, with a slash at its end. */
    public static function portalUrl(): string
    {
        return rtrim(self::ofWhmcs('SystemURL'), '/') . '/';
    }

    /** A setting of WHMCS's own. */
    public static function ofWhmcs(string $name): string
    {
        return Text::plain(Capsule::table('tblconfiguration')->where('setting', $name)->value('value'));
    }

    private static function own(string $name): string
    {
        switch ($name) {
            case 'portalUrl':
                return rtrim(self::portalUrl(), '/');
            case 'currency':
                return (string) Capsule::table('tblcurrencies')->where('default', 1)->value('code');
            case 'timeZone':
                return date_default_timezone_get();
            default:
                return '';
        }
    }
}
