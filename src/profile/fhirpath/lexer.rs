//! Text to tokens (FHIRPath 2.0.0, §8 Lexical Elements).

use std::borrow::Cow;

use super::fault::Fault;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A name, or a keyword: which of the two depends on where it stands.
    Word(&'t str),
    /// A name between back-quotes, escapes undone.
    Delimited(Cow<'t, str>),
    /// A string, escapes undone.
    Text(Cow<'t, str>),
    /// Digits, perhaps with a fraction.
    Number(&'t str),
    /// What follows `@`: a date, a time or both.
    Moment(&'t str),
    /// `$this`, `$index`, `$total`.
    Dollar(&'t str),
    /// One or two characters of punctuation.
    Sign(&'static str),
    /// There is no more.
    End,
}

const SIGNS: [&str; 26] = [
    "!=", "!~", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|", "<", ">",
    "=", "~", "%", ";", ":", "!",
];

/// Tokens with the bytes at which they begin.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token<'_>, usize)>, Fault> {
    let mut lexer = Lexer { text, at: 0 };
    let mut list = Vec::with_capacity(text.len() / 4 + 2);
    loop {
        lexer.skip()?;
        let start = lexer.at;
        let token = lexer.token()?;
        let last = token == Token::End;
        list.push((token, start));
        if last {
            return Ok(list);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Blanks and comments (§8.1, §8.2).
    fn skip(&mut self) -> Result<(), Fault> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find(['\n', '\r']).unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                let end = trimmed.find("*/").filter(|end| *end >= 2).or_else(|| {
                    // `/*/` opens, it does not close.
                    trimmed.get(2..).and_then(|inner| inner.find("*/")).map(|end| end + 2)
                });
                match end {
                    Some(end) => self.at += end + 2,
                    None => {
                        return Err(Fault::syntax(self.at, "This comment is not closed; end it with */."));
                    }
                }
            } else {
                return Ok(());
            }
        }
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn token(&mut self) -> Result<Token<'t>, Fault> {
        let start = self.at;
        match self.peek() {
            None => Ok(Token::End),
            Some('\'') => self.quoted('\'').map(Token::Text),
            Some('`') => self.quoted('`').map(Token::Delimited),
            Some('"') => Err(Fault::syntax(start, "Strings stand in single quotes.")),
            Some('@') => {
                self.at += 1;
                Ok(Token::Moment(self.moment()))
            }
            Some('$') => {
                self.at += 1;
                Ok(Token::Dollar(self.take(is_inner)))
            }
            Some('0'..='9') => Ok(Token::Number(self.number())),
            Some(c) if c == '_' || c.is_ascii_alphabetic() => Ok(Token::Word(self.take(is_inner))),
            Some(c) => {
                let sign = SIGNS.iter().find(|sign| self.rest().starts_with(**sign));
                let sign = sign.ok_or_else(|| Fault::syntax(start, format!("'{c}' has no meaning here.")))?;
                self.at += sign.len();
                Ok(Token::Sign(sign))
            }
        }
    }

    /// A dot belongs to the number only when digits follow: `1.toString()` calls a function.
    fn number(&mut self) -> &'t str {
        let start = self.at;
        self.take(|c| c.is_ascii_digit());
        let mut after = self.rest().chars();
        if after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            self.take(|c| c.is_ascii_digit());
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// `2015-02-04`, `2015-02-04T14:34:28.123+10:00`, `T14:34` (§4.1.6 to §4.1.8). A time alone has no zone.
    fn moment(&mut self) -> &'t str {
        let start = self.at;
        self.take(|c| c.is_ascii_digit() || c == '-');
        let dated = self.at > start;
        if self.peek() == Some('T') {
            self.at += 1;
            let clock = self.at;
            self.take(|c| c.is_ascii_digit() || c == ':');
            let mut after = self.rest().chars();
            if after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1;
                self.take(|c| c.is_ascii_digit());
            }
            if dated && self.at > clock {
                self.zone();
            }
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn zone(&mut self) {
        let rest = self.rest().as_bytes();
        match rest {
            [b'Z', ..] => self.at += 1,
            [b'+' | b'-', a, b, b':', c, d, ..]
                if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()) =>
            {
                self.at += 6;
            }
            _ => {}
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Cow<'t, str>, Fault> {
        let start = self.at;
        self.at += 1;
        let plain = self.take(|c| c != quote && c != '\\');
        if self.peek() == Some(quote) {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        let mut whole = plain.to_owned();
        loop {
            match self.peek() {
                None => return Err(Fault::syntax(start, "The closing quote is missing.")),
                Some('\\') => {
                    self.at += 1;
                    self.escape(&mut whole)?;
                }
                Some(c) => {
                    self.at += c.len_utf8();
                    if c == quote {
                        return Ok(Cow::Owned(whole));
                    }
                    whole.push(c);
                }
            }
        }
    }

    /// §4.1.2. An escape that is none gives the character itself, as earlier versions of the specification had it.
    fn escape(&mut self, whole: &mut String) -> Result<(), Fault> {
        let c = self.peek().ok_or_else(|| Fault::syntax(self.at, "The closing quote is missing."))?;
        self.at += c.len_utf8();
        match c {
            'n' => whole.push('\n'),
            'r' => whole.push('\r'),
            't' => whole.push('\t'),
            'f' => whole.push('\u{c}'),
            'u' => whole.push(self.unicode()?),
            other => whole.push(other),
        }
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let fault =
            Fault::syntax(self.at, "An escape \\u has four hexadecimal digits that name a character.");
        let high = self.unit().ok_or_else(|| fault.clone())?;
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        // The first half of a pair of surrogates.
        if self.rest().starts_with("\\u") && high < 0xdc00 {
            self.at += 2;
            let low = self.unit().filter(|low| (0xdc00..=0xdfff).contains(low));
            let pair = low.and_then(|low| char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)));
            return pair.ok_or(fault);
        }
        Err(fault)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

fn is_inner(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_where_they_end() {
        let list: Vec<_> = tokens("@2015-02-04T14.is(x) // no\n1.0.a /* b */ 'c\\u00e9' <= @T14:34.123")
            .unwrap()
            .into_iter()
            .map(|(token, _)| token)
            .collect();
        assert_eq!(list[0], Token::Moment("2015-02-04T14"));
        assert_eq!(list[6], Token::Number("1.0"));
        assert_eq!(list[9], Token::Text("cé".into()));
        assert_eq!(list[11], Token::Moment("T14:34.123"));
    }

    #[test]
    fn what_is_not_closed_is_refused_where_it_opens() {
        assert_eq!(tokens("2 /* x").unwrap_err().at, 2);
        assert_eq!(tokens("a = 'x").unwrap_err().at, 4);
        assert!(tokens("/*/").is_err());
        assert!(tokens("'\\ud800'").is_err());
        assert_eq!(tokens("'\\ud83d\\udd25'").unwrap()[0].0, Token::Text("🔥".into()));
    }
}
