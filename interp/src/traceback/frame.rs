//! One stack entry: where it is, its source lines, and the marks under them.

use std::collections::BTreeSet;

use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use rustpython_unicode::Ucd;

use super::{
    Frame,
    anchors::{Anchors, find_anchors},
};

const INDENT: &str = "    ";

/// Appends the entry for `frame`.
pub(super) fn push(out: &mut String, frame: &Frame) {
    let lineno = frame.lineno.map_or_else(|| "None".to_owned(), |line| line.to_string());
    let is_stdin = frame.filename.starts_with("<stdin>-")
        || (frame.filename.starts_with("<stdin-") && frame.filename.ends_with('>'));
    let filename = if is_stdin { "<stdin>" } else { &frame.filename };
    out.push_str(&format!("  File \"{filename}\", line {lineno}, in {}\n", frame.name));
    let original: Vec<&str> = frame.lines.iter().map(|line| line.trim_end()).collect();
    if original.iter().all(|line| line.trim().is_empty()) {
        return;
    }
    match marked(frame, &original) {
        Some(lines) => out.push_str(&lines),
        None => {
            let first = original.first().copied().unwrap_or_default();
            out.push_str(&indent(&format!("{}\n", first.trim())));
        }
    }
}

/// The source lines with marks; `None` if the columns are not known or make no sense.
fn marked(frame: &Frame, original: &[&str]) -> Option<String> {
    let (col, end_col) = (frame.col? as usize, frame.end_col? as usize);
    let lineno = frame.lineno?;
    let n_lines = frame.end_lineno.unwrap_or(lineno).checked_sub(lineno)? as usize + 1;
    let first = *original.first()?;
    let last = *original.get(n_lines - 1)?;
    let dedented = dedent(&format!("{}\n", original.join("\n")));
    let lines: Vec<Vec<char>> =
        dedented.split('\n').take(n_lines).map(|line| line.chars().collect()).collect();
    let removed = first.chars().count().saturating_sub(lines.first()?.len());
    let start = chars_before(first, col).saturating_sub(removed);
    let end = chars_before(last, end_col).saturating_sub(removed);
    let span = Span { lines, start, end };
    Some(span.show())
}

/// Number of characters in the first `n_bytes` bytes; a cut character counts as one.
fn chars_before(line: &str, n_bytes: usize) -> usize {
    let bytes = line.as_bytes();
    let head = bytes.get(..n_bytes).unwrap_or(bytes);
    head.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// Dedented lines, and the characters of the first and last that an instruction covers.
struct Span {
    lines: Vec<Vec<char>>,
    start: usize,
    end: usize,
}

impl Span {
    fn line(&self, index: usize) -> &[char] {
        self.lines.get(index).map_or(&[], Vec::as_slice)
    }

    fn last_index(&self) -> usize {
        self.lines.len().saturating_sub(1)
    }

    fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| line.iter().collect()).collect();
        lines.join("\n")
    }

    /// Exactly what the instruction covers.
    fn segment(&self) -> String {
        let all: Vec<char> = self.text().chars().collect();
        let cut = self.line(self.last_index()).len().saturating_sub(self.end);
        all.get(self.start..all.len().saturating_sub(cut)).unwrap_or_default().iter().collect()
    }

    fn show(&self) -> String {
        let anchors = find_anchors(&self.segment());
        let has_carets = self.wants_carets(anchors.is_some());
        let marks = Marks::new(self, anchors);
        let mut shown = BTreeSet::from([0, self.last_index()]);
        shown.extend(marks.significant_lines().filter(|&line| line < self.lines.len()));
        let mut out = String::new();
        let mut before: Option<usize> = None;
        for line in shown {
            match before.map_or(1, |before| line - before) {
                2 => self.push_line(&mut out, line - 1, &marks, has_carets),
                gap if gap > 2 => out.push_str(&format!("...<{} lines>...\n", gap - 1)),
                _ => {}
            }
            self.push_line(&mut out, line, &marks, has_carets);
            before = Some(line);
        }
        indent(&dedent(&out))
    }

    fn push_line(&self, out: &mut String, index: usize, marks: &Marks, has_carets: bool) {
        let line = self.line(index);
        out.extend(line);
        out.push('\n');
        if !has_carets {
            return;
        }
        let n_blank = line.iter().take_while(|c| c.is_whitespace()).count();
        let is_last = index == self.last_index();
        let width =
            if is_last { display_width(line, self.end) } else { display_width(line, line.len()) };
        let first_col = if index == 0 { display_width(line, self.start) } else { 0 };
        for col in 0..width {
            out.push(if col < n_blank || col < first_col { ' ' } else { marks.at(index, col) });
        }
        out.push('\n');
    }

    /// Carets say nothing if they cover the whole of a statement, or the value of a plain
    /// `return f(...)` or `x = f(...)`.
    fn wants_carets(&self, has_anchors: bool) -> bool {
        if let Ok(parsed) = parse_module(&self.text()) {
            let suite = parsed.into_suite();
            if suite.first().is_none_or(|stmt| self.is_plain_call(stmt)) {
                return false;
            }
        }
        let before = self.line(0).get(..self.start).unwrap_or_default();
        let after = self.line(self.last_index()).get(self.end..).unwrap_or_default();
        has_anchors || before.iter().chain(after).any(|c| !c.is_whitespace())
    }

    fn is_plain_call(&self, stmt: &Stmt) -> bool {
        let value = match stmt {
            Stmt::Return(it) => match it.value.as_deref() {
                Some(Expr::Call(call)) if call.func.is_name_expr() => call,
                _ => return false,
            },
            Stmt::Assign(it) => match (it.targets.as_slice(), &*it.value) {
                ([Expr::Name(_)], Expr::Call(call)) => call,
                _ => return false,
            },
            _ => return false,
        };
        let text = self.text();
        let before = text.len()
            - self.lines.last().map_or(0, |line| line.iter().map(|c| c.len_utf8()).sum());
        usize::from(value.start()) == self.start && usize::from(value.end()) == before + self.end
    }
}

/// Which character stands under which column.
struct Marks {
    anchors: Option<Anchors>,
}

impl Marks {
    fn new(span: &Span, anchors: Option<Anchors>) -> Self {
        let anchors = anchors.map(|mut it| {
            // Anchors count from the start of the instruction; marks from the start of the line.
            for (line, col) in [&mut it.left, &mut it.right] {
                if *line == 0 {
                    *col += span.start;
                }
                *col = display_width(span.line(*line), *col);
            }
            it
        });
        Self { anchors }
    }

    fn significant_lines(&self) -> impl Iterator<Item = usize> {
        let around = |line: usize| line.saturating_sub(1)..=line + 1;
        self.anchors.iter().flat_map(move |it| around(it.left.0).chain(around(it.right.0)))
    }

    fn at(&self, line: usize, col: usize) -> char {
        match self.anchors {
            None => '^',
            Some(Anchors { left, right }) if (line, col) >= left && (line, col) < right => '^',
            Some(_) => '~',
        }
    }
}

/// Columns that the first `n_chars` characters take on a terminal.
fn display_width(line: &[char], n_chars: usize) -> usize {
    if line.iter().all(char::is_ascii) {
        return n_chars;
    }
    let ucd = Ucd::new(true);
    line.iter()
        .take(n_chars)
        .map(|&c| if matches!(ucd.east_asian_width(c.into()), "W" | "F") { 2 } else { 1 })
        .sum()
}

/// Removes the indentation that all lines with text share; lines of blanks become empty.
#[must_use]
pub fn dedent(text: &str) -> String {
    let mut margin: Option<&str> = None;
    for line in text.split('\n').filter(|line| !line.trim_matches([' ', '\t']).is_empty()) {
        let len = line.len() - line.trim_start_matches([' ', '\t']).len();
        let lead = line.get(..len).unwrap_or_default();
        margin = Some(margin.map_or(lead, |margin| {
            let same = margin.bytes().zip(lead.bytes()).take_while(|(a, b)| a == b).count();
            margin.get(..same).unwrap_or_default()
        }));
    }
    let margin = margin.unwrap_or_default();
    let strip = |line: &str| match line.trim_matches([' ', '\t']).is_empty() {
        true => String::new(),
        false => line.strip_prefix(margin).unwrap_or(line).to_owned(),
    };
    text.split('\n').map(strip).collect::<Vec<_>>().join("\n")
}

fn indent(text: &str) -> String {
    text.split_inclusive('\n').flat_map(|line| [INDENT, line]).collect()
}
