//! Rendering against tracebacks captured from CPython 3.13 (`tests/data/tracebacks.tsv`).
//!
//! Rows hold tab-separated fields with `\n`, `\t`, `\r` and `\\` escaped and `\N` for None: `case` source;
//! `exc` type, message, suppress, cause, context, members; `note`; `frame` file, four positions,
//! name, lines; `syntax`; `text` expected.

use super::{Exc, Excs, Frame, SyntaxPlace, closest, edit_distance, render};

const CORPUS: &str = include_str!("../../tests/data/tracebacks.tsv");

fn unescape(field: &str) -> Option<String> {
    if field == "\\N" {
        return None;
    }
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
    Some(out)
}

struct Row(Vec<Option<String>>);

impl Row {
    fn text(&self, index: usize) -> Option<String> {
        self.0.get(index).cloned().flatten()
    }

    fn number<T: std::str::FromStr>(&self, index: usize) -> Option<T> {
        self.text(index).and_then(|text| text.parse().ok())
    }
}

#[derive(Default)]
struct Case {
    source: String,
    excs: Excs,
    text: String,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in CORPUS.lines() {
        let row = Row(line.split('\t').map(unescape).collect());
        let kind = row.text(0).unwrap();
        if kind == "case" {
            cases.push(Case { source: row.text(1).unwrap(), ..Case::default() });
            continue;
        }
        let case = cases.last_mut().unwrap();
        match kind.as_str() {
            "exc" => case.excs.all.push(exc(&row)),
            "text" => case.text = row.text(1).unwrap(),
            _ => {
                let exc = case.excs.all.last_mut().unwrap();
                match kind.as_str() {
                    "note" => exc.notes.push(row.text(1).unwrap()),
                    "frame" => exc.frames.push(frame(&row)),
                    "syntax" => exc.syntax = Some(syntax(&row)),
                    other => panic!("unknown row {other}"),
                }
            }
        }
    }
    cases
}

fn exc(row: &Row) -> Exc {
    let members = row.text(6);
    Exc {
        type_name: row.text(1).unwrap(),
        message: row.text(2).unwrap(),
        suppress_context: row.number::<u8>(3) == Some(1),
        cause: row.number(4),
        context: row.number(5),
        members: members.map(|all| all.split(',').filter_map(|it| it.parse().ok()).collect()),
        ..Exc::default()
    }
}

fn frame(row: &Row) -> Frame {
    Frame {
        filename: row.text(1).unwrap(),
        lineno: row.number(2),
        end_lineno: row.number(3),
        col: row.number(4),
        end_col: row.number(5),
        name: row.text(6).unwrap(),
        lines: (7..row.0.len()).filter_map(|index| row.text(index)).collect(),
    }
}

fn syntax(row: &Row) -> SyntaxPlace {
    SyntaxPlace {
        msg: row.text(1),
        filename: row.text(2),
        lineno: row.number(3),
        end_lineno: row.number(4),
        offset: row.number(5),
        end_offset: row.number(6),
        text: row.text(7),
    }
}

#[test]
fn every_captured_traceback_is_reproduced() {
    let cases = cases();
    assert!(cases.len() > 70);
    let mut wrong = Vec::new();
    for case in &cases {
        let text = render(&case.excs, 0, true);
        if text != case.text {
            wrong.push(format!("{}--- expected\n{}--- got\n{text}", case.source, case.text));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n======\n"));
}

#[test]
fn cycles_of_causes_end() {
    let exc = |cause| Exc { type_name: "E".into(), cause: Some(cause), ..Exc::default() };
    let excs = Excs { all: vec![exc(1), exc(0)] };
    assert!(render(&excs, 0, true).len() < 200);
}

#[test]
fn absurd_columns_do_no_harm() {
    let place = SyntaxPlace {
        lineno: Some(1),
        end_lineno: Some(1),
        offset: Some(i64::MIN),
        end_offset: Some(i64::MAX),
        text: Some("x".into()),
        ..SyntaxPlace::default()
    };
    let exc = Exc { type_name: "SyntaxError".into(), syntax: Some(place), ..Exc::default() };
    assert!(render(&Excs { all: vec![exc] }, 0, true).len() < 200);
    let frame = Frame {
        filename: "f".into(),
        lineno: Some(9),
        end_lineno: Some(2),
        col: Some(u32::MAX),
        end_col: Some(0),
        lines: vec!["é".into()],
        ..Frame::default()
    };
    let exc = Exc { type_name: "E".into(), frames: vec![frame], ..Exc::default() };
    assert!(render(&Excs { all: vec![exc] }, 0, true).contains("line 9"));
}

#[test]
fn spelling_follows_cpython() {
    assert_eq!(closest("blech", &["luch", "blach", "bluch"]), Some("blach"));
    assert_eq!(closest("appendd", &["append", "extend"]), Some("append"));
    assert_eq!(closest("x", &["y"]), None);
    assert_eq!(closest("Foo", &["foo", "FOO"]), Some("foo"));
    assert_eq!(edit_distance("abc", "abd", 10), Some(2));
    assert_eq!(edit_distance("abc", "abC", 10), Some(1));
    assert_eq!(edit_distance("abc", "xyz", 3), None);
}
