//! Literals, names and calls: what operators stand between (FHIRPath 2.0.0, §4.1, §4.3, §5).

use super::super::fault::Fault;
use super::super::function::Function;
use super::super::lexer::Token;
use super::super::pattern;
use super::super::quantity::{Calendar, Quantity, Unit};
use super::super::temporal::Temporal;
use super::super::tree::{Expr, ExprId, TypeName, TypeQuestion};
use super::super::value::Value;
use super::Parser;

impl Parser<'_> {
    pub(super) fn term(&mut self) -> Result<ExprId, Fault> {
        let at = self.at();
        match self.peek().clone() {
            Token::Sign("(") => {
                self.next += 1;
                let inner = self.expression(0)?;
                self.demand(")")?;
                Ok(inner)
            }
            Token::Sign("{") => {
                self.next += 1;
                self.demand("}")?;
                self.add(Expr::Nothing, at, &[])
            }
            Token::Sign("%") => {
                self.next += 1;
                let name: Box<str> = match self.take() {
                    Token::Word(word) => word.into(),
                    Token::Delimited(name) | Token::Text(name) => name.as_ref().into(),
                    _ => return Err(Fault::syntax(at, "The name of a variable is expected after '%'.")),
                };
                self.add(Expr::Variable(name), at, &[])
            }
            Token::Text(text) => {
                self.next += 1;
                self.literal(Value::String(text.into_owned().into()), at)
            }
            Token::Number(digits) => {
                self.next += 1;
                self.number(digits, at)
            }
            Token::Moment(text) => {
                self.next += 1;
                let moment = Temporal::literal(text).ok_or_else(|| {
                    Fault::syntax(at, format!("@{text} is no date, date and time, or time."))
                })?;
                self.literal(Value::Temporal(moment), at)
            }
            Token::Word("true") => {
                self.next += 1;
                self.literal(Value::Boolean(true), at)
            }
            Token::Word("false") => {
                self.next += 1;
                self.literal(Value::Boolean(false), at)
            }
            _ => self.invocation(),
        }
    }

    fn literal(&mut self, value: Value<'static>, at: usize) -> Result<ExprId, Fault> {
        self.add(Expr::Literal(value), at, &[])
    }

    /// A number, and with a unit a quantity (§4.1.9).
    fn number(&mut self, digits: &str, at: usize) -> Result<ExprId, Fault> {
        let number = Value::number(digits).ok_or_else(|| Fault::syntax(at, "This number is too large."))?;
        let unit = match self.peek().clone() {
            Token::Text(unit) => Unit::Ucum(unit.into_owned().into()),
            Token::Word(word) => match Calendar::named(word) {
                Some(calendar) => Unit::Calendar(calendar),
                None => return self.literal(number, at),
            },
            _ => return self.literal(number, at),
        };
        self.next += 1;
        let value = number.decimal().ok_or_else(|| Fault::syntax(at, "This number is too large."))?;
        self.literal(Value::Quantity(Quantity { value, unit }), at)
    }

    /// What may stand behind a dot.
    pub(super) fn invocation(&mut self) -> Result<ExprId, Fault> {
        let at = self.at();
        match self.take() {
            Token::Dollar("this") => self.add(Expr::This, at, &[]),
            Token::Dollar("index") => self.add(Expr::Index, at, &[]),
            Token::Dollar("total") => self.add(Expr::Total, at, &[]),
            Token::Delimited(name) => self.add(Expr::Name(name.as_ref().into()), at, &[]),
            Token::Word(word) if self.is_sign("(") => self.call(word, at),
            Token::Word("true" | "false" | "and" | "or" | "xor" | "implies" | "div" | "mod") => {
                Err(Fault::syntax(
                    at,
                    "This word is an operator or a value; write it in back-quotes if it names an element.",
                ))
            }
            Token::Word(word) => self.add(Expr::Name(word.into()), at, &[]),
            Token::End => Err(Fault::syntax(at, "The expression ends too early.")),
            _ => Err(Fault::syntax(at, "A name, a value or a function is expected here.")),
        }
    }

    fn call(&mut self, word: &str, at: usize) -> Result<ExprId, Fault> {
        self.demand("(")?;
        let question = match word {
            "is" => Some(TypeQuestion::Is),
            "as" => Some(TypeQuestion::As),
            "ofType" => Some(TypeQuestion::OfType),
            _ => None,
        };
        if let Some(question) = question {
            let name = self.type_name()?;
            self.demand(")")?;
            return self.add(Expr::Type(question, name), at, &[]);
        }
        let function = Function::named(word)
            .ok_or_else(|| Fault::semantic(at, format!("There is no function {word}().")))?;
        let arguments = self.arguments(function)?;
        let (name, fewest, most) = function.signature();
        if !(fewest..=most).contains(&arguments.len()) {
            let given = arguments.len();
            return Err(Fault::semantic(
                at,
                format!("{name}() takes {fewest} to {most} arguments, not {given}."),
            ));
        }
        let id = self.add(Expr::Call(function, arguments.clone().into()), at, &arguments)?;
        pattern::prepare(&mut self.tree, id, function, &arguments).map_err(|fault| fault.place(at as u32))?;
        Ok(id)
    }

    fn arguments(&mut self, function: Function) -> Result<Vec<ExprId>, Fault> {
        let mut arguments = vec![];
        if self.is_sign(")") {
            self.next += 1;
            return Ok(arguments);
        }
        loop {
            let mut argument = self.expression(0)?;
            if let (Function::Sort, Token::Word(order @ ("asc" | "desc"))) = (function, self.peek().clone()) {
                let at = self.at();
                self.next += 1;
                argument = self.add(Expr::Order(argument, order == "desc"), at, &[argument])?;
            }
            arguments.push(argument);
            if !self.is_sign(",") {
                break;
            }
            self.next += 1;
        }
        self.demand(")")?;
        Ok(arguments)
    }

    pub(super) fn type_name(&mut self) -> Result<TypeName, Fault> {
        let first = self.identifier()?;
        if !self.is_sign(".") {
            return Ok(TypeName { namespace: None, name: first });
        }
        // `x is System.String` has a namespace; `(x as Patient).name` ended before its dot.
        self.next += 1;
        let name = self.identifier()?;
        Ok(TypeName { namespace: Some(first), name })
    }

    fn identifier(&mut self) -> Result<Box<str>, Fault> {
        let at = self.at();
        match self.take() {
            Token::Word(word) => Ok(word.into()),
            Token::Delimited(name) => Ok(name.as_ref().into()),
            _ => Err(Fault::syntax(at, "The name of a type is expected here.")),
        }
    }
}
