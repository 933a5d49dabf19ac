//! The text line by line, with the issues at the lines that they are about.

use super::report::Shown;
use crate::problem::Severity;

/// Texts of more lines are shown where their issues are, and not elsewhere.
const WHOLE_MAX: usize = 200;
/// So many lines are shown before and after a line with issues.
const AROUND: usize = 3;
/// Longer lines are cut, and their issues show the place themselves.
const LINE_MAX: usize = 400;
/// What is shown of a long line before and after the place of an issue.
const BEFORE: usize = 40;
const AFTER: usize = 160;

/// A row of the listing.
#[derive(Debug)]
pub enum Row<'a> {
    /// A line.
    Line(Line<'a>),
    /// Lines without issues that are not shown: the first and the last.
    Gap(usize, usize),
}

/// A line of the text.
#[derive(Debug)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// What it says.
    pub pieces: Vec<Piece>,
    /// Whether it is too long to be shown whole.
    pub is_cut: bool,
    /// What is wrong with it.
    pub issues: Vec<Shown<'a>>,
}

impl Line<'_> {
    /// The name of the worst issue's style; none for a good line.
    pub fn style(&self) -> &'static str {
        let worst = self.issues.iter().map(|issue| issue.severity).min();
        worst.map_or("", super::report::style)
    }
}

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what an issue is about.
    pub is_marked: bool,
}

/// The rows for a text with these issues, which are in the order of their lines.
pub fn rows<'a>(text: &str, issues: Vec<Shown<'a>>) -> Vec<Row<'a>> {
    let lines: Vec<&str> = text.lines().collect();
    let with_issues: Vec<usize> = issues.iter().filter_map(|issue| issue.line()).collect();
    let mut shown = vec![lines.len() <= WHOLE_MAX; lines.len()];
    for number in with_issues {
        let (first, last) = (number.saturating_sub(AROUND + 1), (number + AROUND).min(lines.len()));
        if let Some(around) = shown.get_mut(first..last) {
            around.fill(true);
        }
    }
    let mut issues = issues.into_iter().peekable();
    let mut rows = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let number = index + 1;
        if !shown.get(index).copied().unwrap_or_default() {
            match rows.last_mut() {
                Some(Row::Gap(_, last)) => *last = number,
                _ => rows.push(Row::Gap(number, number)),
            }
            continue;
        }
        let mut here = Vec::new();
        while let Some(issue) = issues.next_if(|issue| issue.line().is_none_or(|line| line <= number)) {
            here.push(issue);
        }
        rows.push(Row::Line(row(number, line, here)));
    }
    // An issue beyond the last line, such as a text that ends too early, stands at the last one.
    if let Some(Row::Line(last)) = rows.iter_mut().rev().find(|row| matches!(row, Row::Line(_))) {
        last.issues.extend(issues);
    }
    rows
}

fn row<'a>(number: usize, line: &str, mut issues: Vec<Shown<'a>>) -> Line<'a> {
    let letters: Vec<char> = line.chars().collect();
    let span = |issue: &Shown<'_>| token(&letters, issue.column().unwrap_or(1).saturating_sub(1));
    if letters.len() > LINE_MAX {
        for issue in &mut issues {
            let (start, end) = span(issue);
            issue.excerpt = excerpt(&letters, start, end);
        }
        let beginning: String = letters.iter().take(LINE_MAX).collect();
        let pieces = vec![Piece { text: format!("{beginning}…"), is_marked: false }];
        return Line { number, pieces, is_cut: true, issues };
    }
    // Notes are about what is all right as it stands.
    let wrong = issues.iter().filter(|issue| issue.severity != Severity::Information);
    let spans: Vec<(usize, usize)> = wrong.map(span).collect();
    Line { number, pieces: pieces(&letters, spans), is_cut: false, issues }
}

fn excerpt(letters: &[char], start: usize, end: usize) -> Vec<Piece> {
    let (first, last) = (start.saturating_sub(BEFORE), (start + AFTER).min(letters.len()));
    let piece = |from: usize, to: usize, is_marked: bool| {
        let text = letters.get(from..to).unwrap_or_default().iter().collect();
        Piece { text, is_marked }
    };
    let end = end.min(last);
    let cut = |is_cut: bool| Piece { text: if is_cut { "…" } else { "" }.to_owned(), is_marked: false };
    let whole = [piece(first, start, false), piece(start, end, true), piece(end, last, false)];
    [cut(first > 0)].into_iter().chain(whole).chain([cut(last < letters.len())]).collect()
}

fn pieces(letters: &[char], mut spans: Vec<(usize, usize)>) -> Vec<Piece> {
    spans.sort_unstable();
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut add = |from: usize, to: usize, is_marked: bool| {
        let text: String = letters.get(from..to).unwrap_or_default().iter().collect();
        if !text.is_empty() {
            pieces.push(Piece { text, is_marked });
        }
    };
    for (start, end) in spans {
        let start = start.max(at);
        add(at, start, false);
        add(start, end, true);
        at = at.max(end);
    }
    add(at, letters.len(), false);
    pieces
}

/// Where the value or the member that begins there ends: a name with its value, if that stands on the same line and is
/// no list or object.
fn token(letters: &[char], start: usize) -> (usize, usize) {
    let start = start.min(letters.len());
    let end = simple(letters, start);
    let blank = |from: usize| {
        let rest = letters.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|letter| letter.is_whitespace()).count()
    };
    let colon = blank(end);
    if letters.get(start) != Some(&'"') || letters.get(colon) != Some(&':') {
        return (start, end);
    }
    let value = blank(colon + 1);
    match letters.get(value) {
        None | Some('{' | '[') => (start, end),
        Some(_) => (start, simple(letters, value)),
    }
}

fn simple(letters: &[char], start: usize) -> usize {
    let rest = letters.get(start..).unwrap_or_default();
    match rest.first() {
        Some('"') => {
            let mut escaped = false;
            let close = rest.iter().skip(1).position(|letter| {
                let closes = *letter == '"' && !escaped;
                escaped = *letter == '\\' && !escaped;
                closes
            });
            close.map_or(letters.len(), |close| start + close + 2)
        }
        Some(letter) if letter.is_alphanumeric() || *letter == '-' => {
            let inner = |letter: &&char| letter.is_alphanumeric() || matches!(letter, '-' | '+' | '.');
            start + rest.iter().take_while(inner).count()
        }
        Some(_) => start + 1,
        None => start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(line: &str, columns: &[usize]) -> String {
        let letters: Vec<char> = line.chars().collect();
        let spans = columns.iter().map(|column| token(&letters, column - 1)).collect();
        let piece =
            |piece: &Piece| if piece.is_marked { format!("<{}>", piece.text) } else { piece.text.clone() };
        pieces(&letters, spans).iter().map(piece).collect()
    }

    #[test]
    fn what_is_wrong_is_marked_and_nothing_else() {
        assert_eq!(marked("  \"a\" : \"é\\\"\", \"b\": 1", &[3]), "  <\"a\" : \"é\\\"\">, \"b\": 1");
        assert_eq!(marked("\"a\": [", &[1]), "<\"a\">: [");
        assert_eq!(marked("[1, -2.5e3]", &[5]), "[1, <-2.5e3>]");
        assert_eq!(marked("{\"a\": 1, \"b\": true}", &[1, 2, 10]), "<{><\"a\": 1>, <\"b\": true>}");
        assert_eq!(marked("\"never ends", &[1, 1]), "<\"never ends>");
        assert_eq!(marked("", &[1]), "");
        assert_eq!(marked("x", &[90]), "x");
    }

    #[test]
    fn a_long_text_is_shown_where_its_issues_are() {
        let text = "1\n".repeat(500);
        let of = |rows: &[Row<'_>]| match rows {
            [Row::Gap(1, 96), Row::Line(first), .., Row::Line(last), Row::Gap(104, 500)] => {
                (first.number, last.number)
            }
            _ => (0, 0),
        };
        assert_eq!(of(&rows(&text, vec![Shown::at_line(100)])), (97, 103));
        assert_eq!(rows(&"1\n".repeat(200), vec![]).len(), 200);
        let beyond = rows("{\n", vec![Shown::at_line(2)]);
        assert!(matches!(beyond.as_slice(), [Row::Line(line)] if line.issues.len() == 1));
    }
}
