<?php

use PhpParser\Node\Expr\FuncCall;
use PhpParser\Node\Name;
use PhpParser\Node\Param;
use PhpParser\Node\Stmt;
use PhpParser\NodeFinder;

/** What there is to be used, and how: of the folder's own, of PHP 7.4, and of WHMCS. */
final class Symbols
{
    /** Those that PHP 8.0 to 8.4 brought. */
    private const NEWER = [
        'array_all', 'array_any', 'array_find', 'array_find_key', 'array_is_list', 'curl_upkeep', 'enum_exists', 'fdatasync',
        'fdiv', 'fpow', 'fsync', 'get_debug_type', 'get_resource_id', 'ini_parse_quantity', 'json_validate',
        'libxml_get_external_entity_loader', 'mb_lcfirst', 'mb_ltrim', 'mb_rtrim', 'mb_str_pad', 'mb_trim', 'mb_ucfirst',
        'memory_reset_peak_usage', 'mysqli_execute_query', 'openssl_cipher_key_length', 'preg_last_error_msg',
        'str_contains', 'str_decrement', 'str_ends_with', 'str_increment', 'str_starts_with', 'stream_context_set_options',
    ];
    private const NEWER_CLASSES = [
        'allowdynamicproperties', 'attribute', 'curlhandle', 'curlstringfile', 'fiber', 'internaliterator', 'phptoken',
        'returntypewillchange', 'sensitiveparameter', 'stringable', 'unhandledmatcherror', 'valueerror', 'weakmap',
    ];
    /** What WHMCS's documentation gives addons: functions with how many arguments they take, at least and at most. */
    private const WHMCS = [
        'add_hook' => [3, 3], 'check_token' => [0, 1], 'generate_token' => [0, 1], 'localapi' => [2, 3],
        'logactivity' => [1, 2], 'logmodulecall' => [5, 6],
    ];
    private const WHMCS_CONSTANTS = ['ADMINAREA', 'CLIENTAREA', 'ROOTDIR', 'WHMCS'];
    /** Classes that WHMCS brings along, which this cannot see into. */
    private const OUTSIDE = '/^(WHMCS|Illuminate)\\\\/';

    /** @var array<string, Stmt\ClassLike> by name in lower case */
    private $classes = [];
    /** @var array<string, array{int, int}> */
    private $functions = self::WHMCS;

    public function declare(array $statements): void
    {
        $finder = new NodeFinder();
        foreach ($finder->findInstanceOf($statements, Stmt\ClassLike::class) as $class) {
            $this->classes[strtolower((string) $class->namespacedName)] = $class;
        }
        foreach ($finder->findInstanceOf($statements, Stmt\Function_::class) as $function) {
            $this->functions[strtolower((string) $function->namespacedName)] = self::arityOf($function->params);
        }
    }

    /** @return array{int, int}|null how many arguments it takes; null for none that there is */
    public function functionCalled(FuncCall $call): ?array
    {
        $names = array_filter([$call->name->getAttribute('namespacedName'), $call->name]);
        foreach (array_map('strtolower', array_map('strval', $names)) as $name) {
            if (isset($this->functions[$name])) {
                return $this->functions[$name];
            }
            if (function_exists($name) && !in_array($name, self::NEWER, true)) {
                return self::arityOfBuiltIn(new ReflectionFunction($name));
            }
        }
        return null;
    }

    public function isOutside(string $class): bool
    {
        return preg_match(self::OUTSIDE, $class) === 1;
    }

    public function hasClass(string $class): bool
    {
        $exists = class_exists($class, false) || interface_exists($class, false);
        $isBuiltIn = $exists && (new ReflectionClass($class))->isInternal();
        return $this->own($class) !== null || $this->isOutside($class)
            || ($isBuiltIn && !in_array(strtolower($class), self::NEWER_CLASSES, true));
    }

    public function own(string $class): ?Stmt\ClassLike
    {
        return $this->classes[strtolower($class)] ?? null;
    }

    /** @return Stmt\ClassMethod|ReflectionMethod|null */
    public function method(string $class, string $method)
    {
        $own = $this->own($class);
        if ($own === null) {
            return method_exists($class, $method) ? new ReflectionMethod($class, $method) : null;
        }
        $found = $own->getMethod($method);
        $parent = $own instanceof Stmt\Class_ && $own->extends ? (string) $own->extends : '';
        return $found ?? ($parent === '' ? null : $this->method($parent, $method));
    }

    public function hasConstant(string $name): bool
    {
        return defined($name) || in_array($name, self::WHMCS_CONSTANTS, true);
    }

    /** @return array{int, int} */
    public static function arity($method): array
    {
        return $method instanceof Stmt\ClassMethod ? self::arityOf($method->params) : self::arityOfBuiltIn($method);
    }

    /** @param Param[] $params */
    private static function arityOf(array $params): array
    {
        $needed = array_filter($params, static function (Param $param): bool {
            return $param->default === null && !$param->variadic;
        });
        $isEndless = $params !== [] && end($params)->variadic;
        return [count($needed), $isEndless ? PHP_INT_MAX : count($params)];
    }

    private static function arityOfBuiltIn(ReflectionFunctionAbstract $function): array
    {
        $most = $function->isVariadic() ? PHP_INT_MAX : $function->getNumberOfParameters();
        return [$function->getNumberOfRequiredParameters(), $most];
    }
}
