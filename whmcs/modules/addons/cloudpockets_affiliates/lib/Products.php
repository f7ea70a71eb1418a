<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** What a line of an invoice sells, found by its type and its `relid`. */
final class Products
{
    /** WHMCS numbers services, addons, domains and upgrades each from 1: those but services are told with their kind. */
    public static function soldBy(string $type, int $relid): array
    {
        switch ($type) {
            case 'Hosting':
            case 'PromoHosting':
            case 'Setup':
                return self::service($relid);
            case 'Addon':
            case 'PromoAddon':
                return self::addon($relid);
            case 'Upgrade':
                $service = (int) Capsule::table('tblupgrades')->where('id', $relid)->value('relid');
                return ['relid' => "upgrade-$relid"] + self::service($service);
            case 'Domain':
            case 'DomainRegister':
            case 'DomainTransfer':
            case 'PromoDomain':
                return self::domain($relid);
            default:
                return [];
        }
    }

    private static function service(int $id): array
    {
        $service = Capsule::table('tblhosting')->where('id', $id)->first();
        if ($service === null) {
            return ['relid' => (string) $id];
        }
        $product = Capsule::table('tblproducts')->where('id', $service->packageid)->first(['id', 'name', 'gid']);
        return [
            'relid' => (string) $id,
            // Only newer versions of WHMCS sell several of one.
            'quantity' => max(1, (int) ($service->qty ?? 1)),
            'productid' => (string) $service->packageid,
            'productname' => Text::plain($product->name ?? ''),
            'productgroupid' => (string) ($product->gid ?? ''),
            'billingcycle' => (string) $service->billingcycle,
        ];
    }

    private static function addon(int $id): array
    {
        $sold = Capsule::table('tblhostingaddons')->where('id', $id)->first(['addonid', 'name', 'billingcycle']);
        $addon = (int) ($sold->addonid ?? 0);
        $name = $addon === 0 ? ($sold->name ?? '') : Capsule::table('tbladdons')->where('id', $addon)->value('name');
        return [
            'relid' => "addon-$id",
            'productid' => $addon === 0 ? '' : "addon-$addon",
            'productname' => Text::plain($name),
            'billingcycle' => (string) ($sold->billingcycle ?? ''),
        ];
    }

    private static function domain(int $id): array
    {
        $domain = Capsule::table('tbldomains')->where('id', $id)->first(['domain', 'registrationperiod']);
        $name = Text::plain($domain->domain ?? '');
        return [
            'relid' => "domain-$id",
            'domain' => $name,
            'billingcycle' => self::years((int) ($domain->registrationperiod ?? 1)),
        ];
    }

    /** A domain's years, in the words that WHMCS has for the cycles of services. */
    private static function years(int $years): string
    {
        return [1 => 'Annually', 2 => 'Biennially', 3 => 'Triennially'][$years] ?? "$years Years";
    }
}
