<?php
/** Who is signed in, and the tokens of forms. */

namespace {
    function standin_start_session()
    {
        session_name('WHMCSstandin');
        session_start();
        $_SESSION += ['token' => bin2hex(random_bytes(20))];
        if (!defined('ADMINAREA')) {
            defined('CLIENTAREA') || define('CLIENTAREA', true);
        }
    }

    function generate_token($kind = 'form')
    {
        $token = $_SESSION['token'];
        return $kind === 'plain' ? $token : "<input type=\"hidden\" name=\"token\" value=\"$token\" />";
    }

    function check_token($namespace = 'WHMCS.default')
    {
        if (!hash_equals($_SESSION['token'], (string) ($_POST['token'] ?? ''))) {
            http_response_code(403);
            exit('Invalid token');
        }
    }

    function logActivity($message, $clientId = 0)
    {
        \WHMCS\Database\Capsule::table('tblactivitylog')->insert(['description' => $message, 'userid' => $clientId]);
    }

    function logModuleCall($module, $action, $request, $response, $processed = '', $replace = [])
    {
        $row = ['module' => $module, 'action' => $action, 'request' => $request, 'response' => $response];
        \WHMCS\Database\Capsule::table('tblmodulelog')->insert($row);
    }
}

namespace WHMCS\Utility\Environment {
    final class CurrentRequest
    {
        /** As behind a proxy that tells where a visitor comes from. */
        public static function getIP()
        {
            return $_SERVER['HTTP_X_VISITOR'] ?? $_SERVER['REMOTE_ADDR'];
        }
    }
}

namespace WHMCS\Authentication {
    final class CurrentUser
    {
        public function client()
        {
            return empty($_SESSION['uid']) ? null : (object) ['id' => (int) $_SESSION['uid']];
        }
    }
}
