<?php
/**
 * For `affiliates reconcile`: what WHMCS says has happened from one day to another, in pages.
 * GET reconcile.php?from=2026-01-01&to=2026-01-31&cursor=… with a token that the service signs
 * → { "events": [ { "hook", "payload" } ], "next": "cursor of the next page" or null }
 */

require_once __DIR__ . '/../../../init.php';
require_once __DIR__ . '/lib/load.php';

use CloudPockets\Affiliates\Guard;
use CloudPockets\Affiliates\History;
use CloudPockets\Affiliates\Settings;
use CloudPockets\Affiliates\State;
use CloudPockets\Affiliates\Text;
use CloudPockets\Affiliates\Token;

$answer = Guard::run('Listing what happened', static function (): array {
    // Some servers hand a header on only under this name.
    $header = (string) ($_SERVER['HTTP_AUTHORIZATION'] ?? $_SERVER['REDIRECT_HTTP_AUTHORIZATION'] ?? '');
    $token = preg_replace('/^Bearer /i', '', $header);
    $claims = Token::read(Settings::secret(), $token, $_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI']);
    if ($claims === null || !State::first("token-{$claims['jti']}", (string) $claims['exp'])) {
        return [401, ['error' => ['code' => 'token_invalid', 'message' => 'The request is not signed by the service.']]];
    }
    parse_str((string) ($_SERVER['QUERY_STRING'] ?? ''), $query);
    foreach (['from', 'to'] as $name) {
        if (!is_string($query[$name] ?? null) || preg_match('/^\d{4}-\d{2}-\d{2}$/D', $query[$name]) !== 1) {
            $message = "$name must be a day such as 2026-01-31.";
            return [400, ['error' => ['code' => 'body_invalid', 'message' => $message, 'field' => $name]]];
        }
    }
    $cursor = is_string($query['cursor'] ?? null) ? $query['cursor'] : '';
    return [200, History::page($query['from'], $query['to'], $cursor)];
}, [503, ['error' => ['code' => 'unavailable', 'message' => 'WHMCS cannot tell at the moment.']]]);

[$status, $body] = $answer;
http_response_code($status);
header('Content-Type: application/json');
header('Cache-Control: no-store');
echo Text::json($body);
