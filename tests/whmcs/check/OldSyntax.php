<?php

use PhpParser\Node;
use PhpParser\Node\Expr;
use PhpParser\Node\Stmt;
use PhpParser\NodeVisitorAbstract;

/** Finds what PHP 7.4 cannot read. */
final class OldSyntax extends NodeVisitorAbstract
{
    private const NEWER = [
        Expr\Match_::class => 'match',
        Expr\NullsafePropertyFetch::class => '?->',
        Expr\NullsafeMethodCall::class => '?->',
        Expr\Throw_::class => 'throw as an expression',
        Node\AttributeGroup::class => 'an attribute',
        Node\IntersectionType::class => 'an intersection of types',
        Node\UnionType::class => 'a union of types',
        Node\VariadicPlaceholder::class => 'a first-class callable',
        Stmt\Enum_::class => 'enum',
    ];
    private const NEWER_TYPES = ['false', 'mixed', 'never', 'null', 'static', 'true'];

    /** @var string[] */
    public $found = [];

    public function enterNode(Node $node)
    {
        $newer = self::NEWER[get_class($node)] ?? $this->otherwise($node);
        if ($newer !== '') {
            $this->found[] = "line {$node->getLine()}: $newer is newer than PHP 7.4";
        }
        return null;
    }

    private function otherwise(Node $node): string
    {
        if ($node instanceof Node\Arg && $node->name !== null) {
            return 'a named argument';
        }
        if ($node instanceof Node\Param && $node->flags !== 0) {
            return 'a promoted property';
        }
        if ($node instanceof Stmt\Catch_ && $node->var === null) {
            return 'a catch without a variable';
        }
        $isReadonly = ($node instanceof Stmt\Property || $node instanceof Stmt\Class_) && $node->flags & Stmt\Class_::MODIFIER_READONLY;
        if ($isReadonly) {
            return 'readonly';
        }
        $isConstant = $node instanceof Stmt\ClassConst && $node->flags & Stmt\Class_::MODIFIER_FINAL;
        return $isConstant ? 'a final constant' : $this->typeOf($node);
    }

    private function typeOf(Node $node): string
    {
        $type = $node->type ?? $node->returnType ?? null;
        $type = $type instanceof Node\NullableType ? $type->type : $type;
        $isName = $type instanceof Node\Identifier || $type instanceof Node\Name;
        return $isName && in_array($type->toLowerString(), self::NEWER_TYPES, true) ? "the type {$type->toString()}" : '';
    }
}
