<?php

namespace CloudPockets\Affiliates;

/** The service's pages within WHMCS's: what was asked for goes there, and what comes back is shown, sent or followed. */
final class Pages
{
    public const CLIENT_BASE = 'index.php?m=' . Settings::MODULE;
    public const STAFF_BASE = 'addonmodules.php?module=' . Settings::MODULE;

    /**
     * @param string $area 'client' or 'staff'
     * @param array $who `{client: {id}}` or `{staff: {id, name}}`, from WHMCS's session and never from a form
     * @return array{status: int, title: string, html: string, headers: array<string, string>, file?: string}
     * @throws Unavailable
     */
    public static function ask(string $area, array $who, string $language): array
    {
        $isPost = ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST';
        $page = Service::ask('POST', "/pages/$area", [
            'who' => $who,
            'method' => $isPost ? 'POST' : 'GET',
            'query' => (object) self::fields((string) ($_SERVER['QUERY_STRING'] ?? '')),
            // As it was sent: WHMCS has written $_POST for HTML.
            'body' => (object) ($isPost ? self::fields((string) file_get_contents('php://input')) : []),
            'userAgent' => substr((string) ($_SERVER['HTTP_USER_AGENT'] ?? ''), 0, 500),
        ] + self::place($area, $language) + self::whence($area), Patience::ofPage($area === 'staff'));
        if ($isPost) {
            // A ticket that was asked for is there when its page is shown.
            Delivery::attempt(Patience::ofHook(), 10);
        }
        return [
            'status' => (int) ($page['status'] ?? 500),
            'title' => (string) ($page['title'] ?? ''),
            'html' => (string) ($page['html'] ?? ''),
            'headers' => array_map('strval', (array) ($page['headers'] ?? [])),
        ] + (isset($page['file']) ? ['file' => (string) $page['file']] : []);
    }

    /** What a page or a panel needs to know of the place where it is shown. */
    public static function place(string $area, string $language): array
    {
        $links = ['client' => 'clientssummary.php?userid={id}', 'ticket' => 'supporttickets.php?action=view&id={id}'];
        return [
            'locale' => $language,
            'base' => $area === 'client' ? self::CLIENT_BASE : self::STAFF_BASE,
            'assets' => Settings::portalUrl() . 'modules/addons/' . Settings::MODULE . '/assets',
            'csrf' => ['field' => 'token', 'token' => generate_token('plain')],
        ] + ($area === 'staff' ? ['links' => $links] : []);
    }

    /** Sends a page that is no page to look at, and ends the request; gives any other back. */
    public static function sendUnlessShown(array $page): array
    {
        $location = array_change_key_case($page['headers'])['location'] ?? '';
        if (!isset($page['file']) && $location === '') {
            http_response_code($page['status']);
            return $page;
        }
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        foreach ($page['headers'] as $name => $value) {
            header("$name: $value");
        }
        http_response_code($page['status']);
        exit((string) base64_decode($page['file'] ?? '', true));
    }

    /** Where an affiliate is; not where staff are who have signed in as one. */
    private static function whence(string $area): array
    {
        return $area === 'client' && empty($_SESSION['adminid']) ? ['ip' => Visitor::address()] : [];
    }

    /** @return array<string, string> without those by which WHMCS finds the addon */
    private static function fields(string $encoded): array
    {
        parse_str($encoded, $fields);
        return array_filter(array_diff_key($fields, ['m' => '', 'module' => '']), 'is_string');
    }
}
