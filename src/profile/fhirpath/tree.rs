//! The parsed expression: nodes in one list, so that it is small and quick to walk.

use regex::Regex;

use super::function::Function;
use super::value::Value;

/// A node's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ExprId(pub(super) u32);

/// A type as an expression names it (FHIRPath §6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeName {
    /// `System` or `FHIR`, when said.
    pub(super) namespace: Option<Box<str>>,
    pub(super) name: Box<str>,
}

/// What is asked of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeQuestion {
    Is,
    As,
    OfType,
}

/// The operators with two sides, but for `is` and `as` (§6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Multiply,
    Divide,
    Div,
    Mod,
    Add,
    Subtract,
    Concatenate,
    Union,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

/// What a node does.
#[derive(Debug)]
pub(super) enum Expr {
    /// `{}`
    Nothing,
    Literal(Value<'static>),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `%name`
    Variable(Box<str>),
    /// An element's name, on what stands before it.
    Name(Box<str>),
    /// A function, on what stands before it.
    Call(Function, Box<[ExprId]>),
    /// `is`, `as` and `ofType`, as operators and functions.
    Type(TypeQuestion, TypeName),
    /// `left.right`
    Step(ExprId, ExprId),
    /// `left[right]`
    At(ExprId, ExprId),
    /// `-x`
    Negate(ExprId),
    /// `+x`
    Keep(ExprId),
    /// `x asc`, `x desc`: only as what `sort` sorts by.
    Order(ExprId, bool),
    Binary(Operator, ExprId, ExprId),
}

/// The nodes, where each stands in the text, and the patterns that are known beforehand.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Expr>,
    pub(super) places: Vec<u32>,
    /// Patterns of `matches` and the like that stand as strings in the expression, by their node.
    pub(super) patterns: Vec<(ExprId, Regex)>,
    pub(super) root: Option<ExprId>,
}

impl Tree {
    pub(super) fn get(&self, id: ExprId) -> &Expr {
        self.nodes.get(id.0 as usize).unwrap_or(&Expr::Nothing)
    }

    pub(super) fn place(&self, id: ExprId) -> u32 {
        self.places.get(id.0 as usize).copied().unwrap_or_default()
    }
}
