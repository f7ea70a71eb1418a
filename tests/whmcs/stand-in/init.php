<?php
/**
 * Stands in for WHMCS, as far as its public documentation says what an addon meets: hooks, the local API, menu items,
 * Capsule, tokens, sessions and its tables. Nothing here is WHMCS's.
 */

define('WHMCS', true);
define('ROOTDIR', __DIR__);

require '/usr/share/php/Illuminate/Database/autoload.php';
require __DIR__ . '/standin/time.php';
require __DIR__ . '/standin/hooks.php';
require __DIR__ . '/standin/session.php';
require __DIR__ . '/standin/api.php';
require __DIR__ . '/standin/smarty.php';

use Illuminate\Database\Capsule\Manager;

date_default_timezone_set('Europe/Berlin');

$capsule = new Manager();
$capsule->addConnection(json_decode((string) getenv('STANDIN_DATABASE'), true) + [
    'driver' => 'mysql',
    'charset' => 'utf8mb4',
    'collation' => 'utf8mb4_unicode_ci',
    'options' => [PDO::ATTR_TIMEOUT => 2],
]);
$capsule->setAsGlobal();
class_alias(Manager::class, 'WHMCS\Database\Capsule');

standin_start_session();

// As an application does that writes for HTML: what an addon reads from these is no longer what was sent.
$encode = static function ($value) use (&$encode) {
    return is_array($value) ? array_map($encode, $value) : htmlspecialchars((string) $value, ENT_QUOTES);
};
$_GET = $encode($_GET);
$_POST = $encode($_POST);

$hooks = __DIR__ . '/modules/addons/cloudpockets_affiliates/hooks.php';
if (getenv('STANDIN_ACTIVE') !== 'no' && is_file($hooks)) {
    require_once $hooks;
}
