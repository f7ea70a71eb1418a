<?php

namespace CloudPockets\Affiliates;

/** Text as WHMCS keeps it, and as it is meant. */
final class Text
{
    /** WHMCS keeps what people type with its special characters written for HTML: O&#039;Brien. */
    public static function plain($kept): string
    {
        return html_entity_decode((string) $kept, ENT_QUOTES | ENT_HTML401, 'UTF-8');
    }

    public static function html(string $plain): string
    {
        return htmlspecialchars($plain, ENT_QUOTES, 'UTF-8');
    }

    /** Text that Smarty shows as it is: WHMCS reads every mail as a template, and a name must not be one. */
    public static function smarty(string $plain): string
    {
        return strtr($plain, ['{' => '{ldelim}', '}' => '{rdelim}']);
    }

    /** @throws \RuntimeException for what has no JSON */
    public static function json($value): string
    {
        $json = json_encode($value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
        if ($json === false) {
            throw new \RuntimeException(json_last_error_msg());
        }
        return $json;
    }
}
