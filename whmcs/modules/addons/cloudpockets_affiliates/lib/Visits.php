<?php

namespace CloudPockets\Affiliates;

/** Visits through a referral link. Whether one counts the service decides; it also makes the cookie. */
final class Visits
{
    /** `?ref=CODE` on any page, or `?aff=7` as the links of WHMCS's built-in program have it. */
    public static function onPage(): void
    {
        $page = (string) ($_SERVER['REQUEST_URI'] ?? '');
        if (self::parameter('ref') !== '') {
            self::count(['code' => self::parameter('ref')], $page);
        } elseif (self::parameter('aff') !== '') {
            self::count(['affiliateId' => self::parameter('aff')], $page);
        } elseif (Later::visits() !== [] && State::get('down') === '') {
            // Only where the service is not known to be down: a page that has no link in it never waits to find out.
            self::tellKept(Patience::ofHook());
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

    /** @param array $whose `code`, or `affiliateId` of the built-in program */
    private static function count(array $whose, string $landing): void
    {
        Guard::run('Counting a visit', static function () use ($whose, $landing): void {
            $visit = $whose + [
                'at' => Moment::milliseconds(),
                'id' => bin2hex(random_bytes(8)),
                'landing' => substr($landing, 0, 2000),
                'campaign' => self::parameter('campaign'),
                'headers' => Visitor::headers(),
            ];
            $patience = Patience::ofHook();
            try {
                self::tellKept($patience);
                self::tell($visit, $patience);
            } catch (Unavailable $down) {
                // It may have been counted, and the answer lost: told again, it is the same visit by its id.
                Later::keep($visit);
                throw $down;
            }
        });
    }

    /** Tells the links that were followed before, in their order. @throws Unavailable those not told yet stay */
    private static function tellKept(Patience $patience): void
    {
        foreach (Later::visits() as $visit) {
            try {
                self::tell($visit, $patience);
            } catch (Refused $refusal) {
                Guard::log("A visit was refused: {$refusal->reason}");
            }
            Later::drop($visit['id']);
        }
    }

    private static function tell(array $visit, Patience $patience): void
    {
        $asked = $visit + ['cookie' => Visitor::cookies(), 'ip' => Visitor::address(), 'secure' => Visitor::isSecure()];
        $answer = Service::ask('POST', '/clicks', $asked, $patience);
        if (is_string($answer['setCookie'] ?? null)) {
            Visitor::give($answer['setCookie']);
        }
    }

    private static function parameter(string $name): string
    {
        parse_str((string) ($_SERVER['QUERY_STRING'] ?? ''), $query);
        return is_string($query[$name] ?? null) ? substr($query[$name], 0, 2000) : '';
    }
}
