<?php
/** Hook points and menu items. */

$standin_hooks = [];

function add_hook($point, $priority, callable $act)
{
    global $standin_hooks;
    $standin_hooks[$point][] = [(int) $priority, $act];
}

/** @return array what the hooks of a point gave back */
function run_hook($point, $vars)
{
    global $standin_hooks;
    $hooks = $standin_hooks[$point] ?? [];
    usort($hooks, static function ($one, $other) {
        return $one[0] <=> $other[0];
    });
    $given = [];
    foreach ($hooks as [, $act]) {
        $answer = $act($vars);
        if ($answer !== null) {
            $given[] = $answer;
        }
    }
    return $given;
}

/** A menu item, whose children are panels or entries. */
final class StandinMenuItem
{
    /** @var array<string, array> */
    public $children = [];

    public function addChild($name, array $options = [])
    {
        $this->children[$name] = $options;
        return $this;
    }
}
