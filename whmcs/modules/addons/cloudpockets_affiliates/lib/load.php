<?php
/** Finds the classes of this folder: one file each, named as the class. */

spl_autoload_register(static function (string $class): void {
    $ours = 'CloudPockets\\Affiliates\\';
    if (strpos($class, $ours) === 0) {
        require __DIR__ . '/' . substr($class, strlen($ours)) . '.php';
    }
});
