//! What the pack is written with: numbers of 7 bits a byte, texts and parts by number, texts in place; and deflate.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::{Damaged, Pack};

/// No definition of the core package has more bytes than this when inflated; a damaged pack must not ask for more.
const INFLATED_MAX: u64 = 4 << 20;

/// One thing to write.
#[derive(Debug, Clone)]
pub(super) enum Token {
    /// A number.
    Number(u64),
    /// A text that others use too: held once in the pack.
    Text(String),
    /// Such a text or none.
    TextOrNone(Option<String>),
    /// A text of this definition only.
    Inline(String),
    /// Tokens that others use too: held once in the pack.
    Part(Vec<Token>),
}

/// Everything that is held once.
#[derive(Debug, Default)]
pub(super) struct Shared {
    texts: BTreeMap<String, u64>,
    parts: BTreeMap<Vec<u8>, u64>,
    /// The parts in order of their numbers.
    part_list: Vec<Vec<u8>>,
}

impl Shared {
    /// Counts the texts and numbers them so that frequent ones have short numbers.
    pub(super) fn of<'t>(tokens: impl Iterator<Item = &'t [Token]>) -> (Self, Vec<String>) {
        let mut counts = BTreeMap::new();
        tokens.for_each(|tokens| count(tokens, &mut counts));
        let mut texts: Vec<(String, u64)> = counts.into_iter().collect();
        // Stable: equally frequent texts stay in alphabetical order, so the same input gives the same bytes.
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let texts: Vec<String> = texts.into_iter().map(|(text, _)| text).collect();
        let numbered = texts.iter().cloned().zip(0..).collect();
        (Self { texts: numbered, ..Self::default() }, texts)
    }

    /// The number of a text.
    pub(super) fn text(&self, text: &str) -> io::Result<u64> {
        let unknown = || io::Error::other(format!("the text '{text}' was not counted"));
        self.texts.get(text).copied().ok_or_else(unknown)
    }

    /// The parts in order of their numbers.
    pub(super) fn parts(&self) -> &[Vec<u8>] {
        &self.part_list
    }

    /// Writes tokens.
    pub(super) fn render(&mut self, tokens: &[Token]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for token in tokens {
            match token {
                Token::Number(number) => put_number(&mut bytes, *number),
                Token::Text(text) => put_number(&mut bytes, self.text(text)?),
                Token::TextOrNone(None) => put_number(&mut bytes, 0),
                Token::TextOrNone(Some(text)) => put_number(&mut bytes, self.text(text)? + 1),
                Token::Inline(text) => {
                    put_number(&mut bytes, text.len() as u64);
                    bytes.extend_from_slice(text.as_bytes());
                }
                Token::Part(tokens) => {
                    let part = self.render(tokens)?;
                    let next = self.part_list.len() as u64;
                    let number = *self.parts.entry(part.clone()).or_insert(next);
                    if number == next {
                        self.part_list.push(part);
                    }
                    put_number(&mut bytes, number);
                }
            }
        }
        Ok(bytes)
    }
}

fn count(tokens: &[Token], counts: &mut BTreeMap<String, u64>) {
    for token in tokens {
        match token {
            Token::Text(text) | Token::TextOrNone(Some(text)) => {
                *counts.entry(text.clone()).or_default() += 1;
            }
            Token::Part(tokens) => count(tokens, counts),
            Token::Number(_) | Token::Inline(_) | Token::TextOrNone(None) => {}
        }
    }
}

fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads what [`Shared::render`] wrote.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'b> {
    pack: &'b Pack<'b>,
    rest: &'b [u8],
}

impl<'b> Cursor<'b> {
    pub(super) fn new(pack: &'b Pack<'b>, rest: &'b [u8]) -> Self {
        Self { pack, rest }
    }

    pub(super) fn number(&mut self) -> Result<u64, Damaged> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(Damaged("a number is cut off"))?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Damaged("a number is too long"))
    }

    pub(super) fn small(&mut self) -> Result<u32, Damaged> {
        u32::try_from(self.number()?).map_err(|_| Damaged("a number is too large"))
    }

    /// A number of things to come, each of one byte at least: so no damage can make readers reserve much.
    pub(super) fn length(&mut self) -> Result<usize, Damaged> {
        let length = self.number()? as usize;
        if length > self.rest.len() { Err(Damaged("a list is cut off")) } else { Ok(length) }
    }

    pub(super) fn text(&mut self) -> Result<String, Damaged> {
        let number = self.number()? as usize;
        self.pack.text(number).map(str::to_owned)
    }

    pub(super) fn text_or_none(&mut self) -> Result<Option<String>, Damaged> {
        match self.number()? as usize {
            0 => Ok(None),
            number => self.pack.text(number - 1).map(|text| Some(text.to_owned())),
        }
    }

    pub(super) fn inline(&mut self) -> Result<String, Damaged> {
        let length = self.length()?;
        let (bytes, rest) = self.rest.split_at(length);
        self.rest = rest;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Damaged("a text is not UTF-8"))
    }

    pub(super) fn part(&mut self) -> Result<Cursor<'b>, Damaged> {
        let number = self.number()? as usize;
        Ok(Self { pack: self.pack, rest: self.pack.part(number)? })
    }

    /// A list: its length, then its items.
    pub(super) fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Damaged>,
    ) -> Result<Vec<T>, Damaged> {
        let length = self.length()?;
        (0..length).map(|_| item(self)).collect()
    }
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Damaged> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map(|four| u32::from_le_bytes(*four)).ok_or(Damaged("a place lies outside"))
}

pub(super) fn deflate(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

pub(super) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Damaged> {
    let mut inflated = Vec::new();
    let mut decoder = DeflateDecoder::new(bytes).take(INFLATED_MAX);
    decoder.read_to_end(&mut inflated).map_err(|_| Damaged("a definition does not inflate"))?;
    Ok(inflated)
}
