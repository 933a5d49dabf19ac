//! Tokens to tree, by precedence climbing (FHIRPath 2.0.0, §6.8 Operator Precedence and Appendix B).

mod term;

use super::fault::Fault;
use super::lexer::{Token, tokens};
use super::tree::{Expr, ExprId, Operator, Tree, TypeQuestion};

/// Longer texts are refused.
const LENGTH_MAX: usize = 64 << 10;

/// Deeper expressions are refused, since they are walked by recursion.
const DEPTH_MAX: u16 = 160;

/// Parses an expression.
pub(super) fn parse(text: &str) -> Result<Tree, Fault> {
    if text.len() > LENGTH_MAX {
        return Err(Fault::syntax(0, "The expression is longer than 64 KB."));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, next: 0, tree: Tree::default(), depths: vec![], open: 0 };
    let root = parser.expression(0)?;
    if *parser.peek() != Token::End {
        return Err(parser.unexpected("An operator or the end of the expression is expected here."));
    }
    parser.tree.root = Some(root);
    Ok(parser.tree)
}

struct Parser<'t> {
    tokens: Vec<(Token<'t>, usize)>,
    next: usize,
    tree: Tree,
    /// How deep each node's tree is.
    depths: Vec<u16>,
    /// How many expressions are being read inside each other.
    open: u16,
}

/// What stands between two operands: its place in the order of precedence, and what it makes.
enum Infix {
    Binary(Operator),
    Type(TypeQuestion),
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &Token<'t> {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |(_, at)| *at)
    }

    fn take(&mut self) -> Token<'t> {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn demand(&mut self, sign: &str) -> Result<(), Fault> {
        if self.is_sign(sign) {
            self.next += 1;
            return Ok(());
        }
        Err(self.unexpected(&format!("'{sign}' is expected here.")))
    }

    fn unexpected(&self, sentence: &str) -> Fault {
        Fault::syntax(self.at(), sentence)
    }

    fn add(&mut self, expr: Expr, at: usize, parts: &[ExprId]) -> Result<ExprId, Fault> {
        let depth = parts.iter().filter_map(|part| self.depths.get(part.0 as usize)).max().copied();
        let depth = depth.unwrap_or_default() + 1;
        if depth > DEPTH_MAX {
            return Err(Fault::syntax(at, "The expression nests too deep."));
        }
        let id = ExprId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX));
        self.tree.nodes.push(expr);
        self.tree.places.push(u32::try_from(at).unwrap_or(u32::MAX));
        self.depths.push(depth);
        Ok(id)
    }

    /// Everything that binds at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<ExprId, Fault> {
        self.open += 1;
        if self.open > DEPTH_MAX {
            return Err(self.unexpected("The expression nests too deep."));
        }
        let mut left = self.signed()?;
        while let Some((rank, infix)) = self.infix().filter(|(rank, _)| *rank >= least) {
            let at = self.at();
            self.next += 1;
            left = match infix {
                Infix::Binary(operator) => {
                    let right = self.expression(rank + 1)?;
                    self.add(Expr::Binary(operator, left, right), at, &[left, right])?
                }
                Infix::Type(question) => {
                    let name = self.type_name()?;
                    let test = self.add(Expr::Type(question, name), at, &[])?;
                    self.add(Expr::Step(left, test), at, &[left, test])?
                }
            };
        }
        self.open -= 1;
        Ok(left)
    }

    fn infix(&self) -> Option<(u8, Infix)> {
        use Operator as O;
        let (rank, operator) = match self.peek() {
            Token::Sign(sign) => match *sign {
                "*" => (10, O::Multiply),
                "/" => (10, O::Divide),
                "+" => (9, O::Add),
                "-" => (9, O::Subtract),
                "&" => (9, O::Concatenate),
                "|" => (7, O::Union),
                "<" => (6, O::Less),
                "<=" => (6, O::LessOrEqual),
                ">" => (6, O::Greater),
                ">=" => (6, O::GreaterOrEqual),
                "=" => (5, O::Equal),
                "!=" => (5, O::NotEqual),
                "~" => (5, O::Equivalent),
                "!~" => (5, O::NotEquivalent),
                _ => return None,
            },
            Token::Word(word) => match *word {
                "div" => (10, O::Div),
                "mod" => (10, O::Mod),
                "is" => return Some((8, Infix::Type(TypeQuestion::Is))),
                "as" => return Some((8, Infix::Type(TypeQuestion::As))),
                "in" => (4, O::In),
                "contains" => (4, O::Contains),
                "and" => (3, O::And),
                "or" => (2, O::Or),
                "xor" => (2, O::Xor),
                "implies" => (1, O::Implies),
                _ => return None,
            },
            _ => return None,
        };
        Some((rank, Infix::Binary(operator)))
    }

    /// A sign binds looser than a call, so `-1.abs()` is `-(1.abs())`.
    fn signed(&mut self) -> Result<ExprId, Fault> {
        let at = self.at();
        let negative = self.is_sign("-");
        if !negative && !self.is_sign("+") {
            return self.steps();
        }
        self.next += 1;
        let inner = self.expression(11)?;
        self.add(if negative { Expr::Negate(inner) } else { Expr::Keep(inner) }, at, &[inner])
    }

    /// A term with what is asked of it: `.name`, `.call()`, `[index]`.
    fn steps(&mut self) -> Result<ExprId, Fault> {
        let mut left = self.term()?;
        loop {
            let at = self.at();
            if self.is_sign(".") {
                self.next += 1;
                let right = self.invocation()?;
                left = self.add(Expr::Step(left, right), at, &[left, right])?;
            } else if self.is_sign("[") {
                self.next += 1;
                let index = self.expression(0)?;
                self.demand("]")?;
                left = self.add(Expr::At(left, index), at, &[left, index])?;
            } else {
                return Ok(left);
            }
        }
    }
}

#[cfg(test)]
mod tests;
