<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** Single facts that outlast a request. */
final class State
{
    public static function get(string $name): string
    {
        return (string) Capsule::table(Tables::STATE)->where('name', $name)->value('value');
    }

    public static function set(string $name, string $value): void
    {
        Capsule::table(Tables::STATE)->updateOrInsert(['name' => $name], ['value' => $value]);
    }

    /** @return bool whether it was not there before: of several requests at once one alone is told so */
    public static function first(string $name, string $value): bool
    {
        if (Capsule::table(Tables::STATE)->where('name', $name)->exists()) {
            return false;
        }
        try {
            return Capsule::table(Tables::STATE)->insert(['name' => $name, 'value' => $value]);
        } catch (\Illuminate\Database\QueryException $taken) {
            return false;
        }
    }

    public static function forget(string ...$names): void
    {
        Capsule::table(Tables::STATE)->whereIn('name', $names)->delete();
    }

    /** Tokens that have expired are refused for that, and need not be remembered as used. */
    public static function forgetTokens(): void
    {
        $used = Capsule::table(Tables::STATE)->where('name', 'like', 'token-%');
        foreach ($used->pluck('value', 'name') as $name => $expiry) {
            if ((int) $expiry < time() - 3600) {
                self::forget($name);
            }
        }
    }
}
