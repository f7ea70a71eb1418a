<?php

use PhpParser\Node;
use PhpParser\Node\Expr;
use PhpParser\Node\Stmt;
use PhpParser\NodeVisitorAbstract;

/** Finds functions, classes, methods, properties and constants that are not there, or are not used as they are made. */
final class Uses extends NodeVisitorAbstract
{
    /** @var string[] */
    public $found = [];
    /** @var Symbols */
    private $symbols;
    /** @var string */
    private $class = '';

    public function __construct(Symbols $symbols)
    {
        $this->symbols = $symbols;
    }

    public function enterNode(Node $node)
    {
        if ($node instanceof Stmt\ClassLike && $node->name !== null) {
            $this->class = (string) $node->namespacedName;
            $this->types($node);
        } elseif ($node instanceof Expr\FuncCall && $node->name instanceof Node\Name) {
            $this->takes($node, "{$node->name}()", $this->symbols->functionCalled($node));
        } elseif ($node instanceof Expr\New_ && $node->class instanceof Node\Name) {
            $this->method($node, $node->class, '__construct');
        } elseif ($node instanceof Expr\StaticCall && $node->class instanceof Node\Name && $node->name instanceof Node\Identifier) {
            $this->method($node, $node->class, (string) $node->name);
        } elseif ($node instanceof Expr\MethodCall && self::isThis($node->var) && $node->name instanceof Node\Identifier) {
            $this->method($node, new Node\Name('self'), (string) $node->name);
        } elseif ($node instanceof Expr\ClassConstFetch && $node->class instanceof Node\Name) {
            $this->member($node, $node->class, (string) $node->name, 'constant');
        } elseif ($node instanceof Expr\StaticPropertyFetch && $node->class instanceof Node\Name) {
            $this->member($node, $node->class, (string) $node->name, 'property');
        } elseif ($node instanceof Expr\PropertyFetch && self::isThis($node->var) && $node->name instanceof Node\Identifier) {
            $this->member($node, new Node\Name('self'), (string) $node->name, 'property');
        } elseif ($node instanceof Expr\ConstFetch) {
            $this->constant($node);
        } else {
            $this->types($node);
        }
        return null;
    }

    public function leaveNode(Node $node)
    {
        if ($node instanceof Stmt\ClassLike && $node->name !== null) {
            $this->class = '';
        }
        return null;
    }

    private static function isThis(Node $node): bool
    {
        return $node instanceof Expr\Variable && $node->name === 'this';
    }

    /** @param array{int, int}|null $arity */
    private function takes(Node\Expr\CallLike $call, string $what, ?array $arity): void
    {
        if ($arity === null) {
            $this->say($call, "there is no $what");
            return;
        }
        $isSpread = array_filter($call->getRawArgs(), static function (Node $arg): bool {
            return !$arg instanceof Node\Arg || $arg->unpack;
        });
        $given = count($call->getRawArgs());
        if (!$isSpread && ($given < $arity[0] || $given > $arity[1])) {
            $this->say($call, "$what does not take $given arguments");
        }
    }

    /** @return string the class that is meant; '' where it is missing, which is said, or cannot be looked into */
    private function meant(Node $node, Node\Name $name): string
    {
        $class = in_array($name->toLowerString(), ['self', 'static'], true) ? $this->class : (string) $name;
        if ($name->toLowerString() === 'parent') {
            $class = (string) ($this->symbols->own($this->class)->extends ?? '');
        }
        if (!$this->symbols->hasClass($class)) {
            $this->say($node, "there is no class $class");
        }
        return $this->symbols->hasClass($class) && !$this->symbols->isOutside($class) ? $class : '';
    }

    private function method(Node\Expr\CallLike $call, Node\Name $name, string $method): void
    {
        $class = $this->meant($call, $name);
        if ($class === '') {
            return;
        }
        $found = $this->symbols->method($class, $method);
        if ($found === null && $method === '__construct') {
            $this->takes($call, "new $class", [0, 0]);
            return;
        }
        $this->takes($call, "$class::$method()", $found === null ? null : Symbols::arity($found));
        if ($found !== null && $found->isPrivate() && strcasecmp($class, $this->class) !== 0) {
            $this->say($call, "$class::$method() is private");
        }
        if ($found !== null && $call instanceof Expr\StaticCall && !$found->isStatic() && $name->toLowerString() !== 'parent') {
            $this->say($call, "$class::$method() is not static");
        }
    }

    private function member(Node $node, Node\Name $name, string $member, string $kind): void
    {
        $class = $this->meant($node, $name);
        $own = $class === '' || $member === 'class' ? null : $this->symbols->own($class);
        if ($own === null) {
            return;
        }
        foreach ($own->stmts as $statement) {
            $declared = $statement instanceof Stmt\ClassConst && $kind === 'constant' ? $statement->consts : [];
            $declared = $statement instanceof Stmt\Property && $kind === 'property' ? $statement->props : $declared;
            foreach ($declared as $one) {
                if ((string) $one->name !== $member) {
                    continue;
                }
                if ($statement->isPrivate() && strcasecmp($class, $this->class) !== 0) {
                    $this->say($node, "the $kind $class::$member is private");
                }
                return;
            }
        }
        $this->say($node, "there is no $kind $class::$member");
    }

    private function constant(Expr\ConstFetch $node): void
    {
        $name = (string) $node->name;
        if (!in_array(strtolower($name), ['true', 'false', 'null'], true) && !$this->symbols->hasConstant($name)) {
            $this->say($node, "there is no constant $name");
        }
    }

    private function types(Node $node): void
    {
        $names = $node instanceof Stmt\Catch_ ? $node->types : [];
        $names = $node instanceof Expr\Instanceof_ ? [$node->class] : $names;
        $names = $node instanceof Stmt\Class_ ? array_merge([$node->extends], $node->implements) : $names;
        foreach ($names as $name) {
            if ($name instanceof Node\Name) {
                $this->meant($node, $name);
            }
        }
    }

    private function say(Node $node, string $what): void
    {
        $this->found[] = "line {$node->getLine()}: $what";
    }
}
