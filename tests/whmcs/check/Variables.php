<?php

use PhpParser\Node;
use PhpParser\Node\Expr;
use PhpParser\Node\FunctionLike;
use PhpParser\NodeVisitorAbstract;

/** Finds variables that are read in a function that never sets them. */
final class Variables extends NodeVisitorAbstract
{
    private const GLOBAL = ['this', 'GLOBALS', '_SERVER', '_GET', '_POST', '_FILES', '_COOKIE', '_SESSION', '_REQUEST', '_ENV'];

    /** @var string[] */
    public $found = [];

    public function enterNode(Node $node)
    {
        // An arrow function sees what is around it, and is looked at with that.
        if ($node instanceof FunctionLike && !$node instanceof Expr\ArrowFunction) {
            $this->look($node);
        }
        return null;
    }

    private function look(FunctionLike $function): void
    {
        $known = self::GLOBAL;
        foreach ($function->getParams() as $param) {
            $known[] = $param->var->name;
        }
        foreach ($function instanceof Expr\Closure ? $function->uses : [] as $use) {
            $known[] = $use->var->name;
        }
        $variables = $this->variablesIn($function->getStmts() ?? []);
        foreach ($variables as $variable) {
            if (self::isSet($variable)) {
                $known[] = $variable->name;
            }
        }
        foreach ($variables as $variable) {
            if (is_string($variable->name) && !in_array($variable->name, $known, true)) {
                $this->found[] = "line {$variable->getLine()}: nothing sets \$$variable->name";
                $known[] = $variable->name;
            }
        }
    }

    /** @return Expr\Variable[] those of the function itself; of closures within it what they take along */
    private function variablesIn(array $nodes): array
    {
        $found = [];
        foreach ($nodes as $node) {
            if ($node instanceof Expr\Variable) {
                $found[] = $node;
            }
            $isOther = $node instanceof FunctionLike && !$node instanceof Expr\ArrowFunction;
            $parts = $isOther ? ($node instanceof Expr\Closure ? ['uses'] : []) : $node->getSubNodeNames();
            foreach ($parts as $part) {
                $within = is_array($node->$part) ? $node->$part : [$node->$part];
                $found = array_merge($found, $this->variablesIn(array_filter($within, 'is_object')));
            }
        }
        return $found;
    }

    private static function isSet(Expr\Variable $variable): bool
    {
        $within = $variable->getAttribute('parent');
        $is = $variable;
        while ($within instanceof Expr\ArrayItem || $within instanceof Expr\Array_ || $within instanceof Expr\List_
            || ($within instanceof Expr\ArrayDimFetch && $within->var === $is)) {
            [$is, $within] = [$within, $within->getAttribute('parent')];
        }
        return ($within instanceof Expr\Assign || $within instanceof Expr\AssignRef) && $within->var === $is
            || $within instanceof Node\Stmt\Foreach_ && ($within->valueVar === $is || $within->keyVar === $is)
            || $within instanceof Node\Stmt\Catch_ || $within instanceof Node\Stmt\StaticVar || $within instanceof Node\Param
            || $within instanceof Node\Stmt\Global_ || ($within instanceof Node\Arg && self::isFilled($within));
    }

    /** Whether a function of PHP's own sets what it is given there: preg_match(…, …, $matches). */
    private static function isFilled(Node\Arg $arg): bool
    {
        $call = $arg->getAttribute('parent');
        if (!$call instanceof Expr\FuncCall || !$call->name instanceof Node\Name || !function_exists((string) $call->name)) {
            return false;
        }
        $place = array_search($arg, $call->args, true);
        $parameter = (new ReflectionFunction((string) $call->name))->getParameters()[$place] ?? null;
        return $parameter !== null && $parameter->isPassedByReference();
    }
}
