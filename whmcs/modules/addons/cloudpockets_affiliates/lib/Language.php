<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** The few sentences that are said here and not by the service, from lang/, and in which language they are said. */
final class Language
{
    /** @var array<string, array<string, string>> */
    private static $loaded = [];

    /** @param array<string, string|int> $parameters stand in the sentence as {name} */
    public static function text(string $key, string $language, array $parameters = []): string
    {
        $sentence = self::load($language)[$key] ?? self::load('english')[$key] ?? $key;
        foreach ($parameters as $name => $value) {
            $sentence = str_replace('{' . $name . '}', (string) $value, $sentence);
        }
        return $sentence;
    }

    /** What somebody chose for this visit, or the client's own language, or WHMCS's. */
    public static function ofClient(int $clientId): string
    {
        $chosen = (string) ($_SESSION['Language'] ?? '');
        if ($chosen === '') {
            $chosen = (string) Capsule::table('tblclients')->where('id', $clientId)->value('language');
        }
        return $chosen === '' ? Settings::ofWhmcs('Language') : $chosen;
    }

    /** @return array<string, string> */
    private static function load(string $language): array
    {
        if (!isset(self::$loaded[$language])) {
            $_ADDONLANG = [];
            $file = __DIR__ . "/../lang/$language.php";
            if (preg_match('/^[a-z-]+$/D', $language) === 1 && is_file($file)) {
                require $file;
            }
            self::$loaded[$language] = $_ADDONLANG;
        }
        return self::$loaded[$language];
    }
}
