//! Errors against those captured from CPython 3.13 (`tests/data/syntax_errors.tsv`).
//!
//! `tests/data/syntax_differences.txt` lists the accepted differences: a reason, a tab and the snippet,
//! escaped as in the corpus. A listed snippet that matches is an error too, so the list stays short.

use super::explain;
use crate::syntax::{DiagKind, Mode, ParseFlags, Source, SyntaxDiag, parse};

const CORPUS: &str = include_str!("../../../tests/data/syntax_errors.tsv");
const DIFFERENCES: &str = include_str!("../../../tests/data/syntax_differences.txt");

fn unescape(field: &str) -> String {
    let mut out = String::new();
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            other => other,
        });
    }
    out
}

fn show(diag: Option<&SyntaxDiag>) -> String {
    let Some(diag) = diag else { return "no error".to_owned() };
    let place = diag.place.as_ref().map(|it| (it.lineno, it.offset, it.end_lineno, it.end_offset));
    let (line, offset, end_line, end_offset) = place.unwrap_or_default();
    format!(
        "{}\t{}\t{line}\t{offset}\t{end_line}\t{end_offset}",
        diag.kind.class_name(),
        diag.message
    )
}

fn mode_of(name: &str) -> Mode {
    match name {
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => Mode::Exec,
    }
}

#[test]
fn errors_read_as_cpythons() {
    let accepted: Vec<&str> =
        DIFFERENCES.lines().filter_map(|line| Some(line.split_once('\t')?.1)).collect();
    let (mut n_cases, mut wrong) = (0, Vec::new());
    for line in CORPUS.lines() {
        let fields: Vec<&str> = line.splitn(3, '\t').collect();
        let [mode, escaped, expected] = fields.as_slice() else { panic!("bad row {line}") };
        n_cases += 1;
        let text = unescape(escaped);
        let source = Source::from_text(&text).unwrap();
        let error = parse(source, mode_of(mode), ParseFlags::default()).err();
        let got = show(error.as_ref());
        let (kind, rest) = expected.split_once('\t').unwrap();
        let (message, place) = rest.split_once('\t').unwrap();
        let expected = format!("{kind}\t{}\t{place}", unescape(message));
        if (got == expected) == accepted.contains(escaped) {
            wrong.push(format!("{escaped}\n  expected {expected}\n  got      {got}"));
        }
    }
    assert!(n_cases > 500);
    assert!(wrong.is_empty(), "{} of {n_cases} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn sound_texts_have_no_error() {
    let text = "match x:\n  case [1, *_]: pass\nprint\nf'{a!r:>{w}}' 'b'\n@d\nasync def f[T](a, /, *, b=1): await x\n";
    let source = Source::from_text(text).unwrap();
    assert_eq!(explain(&source, Mode::Exec, ParseFlags::default()), None);
}

/// `tests/data/incomplete_input.tsv`: mode, text and what CPython's `codeop` flags make of it.
#[test]
fn unfinished_input_is_told_from_wrong_input() {
    let corpus = include_str!("../../../tests/data/incomplete_input.tsv");
    let flags = ParseFlags { allow_incomplete: true, dont_imply_dedent: true };
    let mut wrong = Vec::new();
    for line in corpus.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [mode, escaped, expected] = fields.as_slice() else { panic!("bad row {line}") };
        let source = Source::from_text(&unescape(escaped)).unwrap();
        let got = match parse(source, mode_of(mode), flags) {
            Ok(_) => "ok",
            Err(diag) if diag.kind == DiagKind::Incomplete => "incomplete",
            Err(_) => "error",
        };
        if got != *expected {
            wrong.push(format!("{mode} {escaped}: expected {expected}, got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
