<?php
/** The page of an addon for admins whose role has access to it. */

define('ADMINAREA', true);
require __DIR__ . '/../init.php';

if (empty($_SESSION['adminid'])) {
    http_response_code(403);
    exit('Access denied');
}
require_once __DIR__ . '/../modules/addons/cloudpockets_affiliates/cloudpockets_affiliates.php';
ob_start();
cloudpockets_affiliates_output(['modulelink' => 'addonmodules.php?module=cloudpockets_affiliates', 'version' => '0.1.0', '_lang' => []]);
standin_page('CloudPockets Affiliates', (string) ob_get_clean());
