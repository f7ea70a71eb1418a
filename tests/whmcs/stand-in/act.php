<?php
/** For tests: signs somebody in, fires a hook, or calls one of the addon's functions. Takes and gives JSON. */

$asked = json_decode((string) file_get_contents('php://input'), true);
if (($asked['area'] ?? '') === 'admin') {
    define('ADMINAREA', true);
}
require __DIR__ . '/init.php';

$answer = null;
if (isset($asked['signIn'])) {
    $_SESSION = $asked['signIn'] + $_SESSION;
    $answer = $_SESSION;
} elseif (isset($asked['point'])) {
    $isMenu = strpos($asked['point'], 'ClientArea') === 0 && $asked['point'] !== 'ClientAreaPage';
    $menu = new StandinMenuItem();
    $given = run_hook($asked['point'], $isMenu ? $menu : ($asked['vars'] ?? []));
    $answer = $isMenu ? $menu->children : $given;
} elseif (isset($asked['call'])) {
    require_once __DIR__ . '/modules/addons/cloudpockets_affiliates/cloudpockets_affiliates.php';
    $answer = ('cloudpockets_affiliates_' . $asked['call'])($asked['vars'] ?? []);
}
header('Content-Type: application/json');
echo json_encode($answer);
