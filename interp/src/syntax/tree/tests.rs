//! Trees against `ast.dump(..., include_attributes=True)` of CPython 3.13 (`tests/data/trees.tsv`).

use super::{Item, Node, build};
use crate::syntax::{Mode, ParseFlags, Source, parse};

fn dump(item: &Item, out: &mut String) {
    match item {
        Item::None => out.push_str("None"),
        Item::Bool(value) => out.push_str(if *value { "True" } else { "False" }),
        Item::Ellipsis => out.push_str("Ellipsis"),
        Item::Int(value) => out.push_str(&value.to_string()),
        Item::BigInt(digits) => out.push_str(digits),
        Item::Float(value) => out.push_str(&format!("{value:?}")),
        Item::Imaginary(value) => out.push_str(&format!("{value}j")),
        Item::Str(value) => out.push_str(&format!("{:?}", value.to_string())),
        Item::Bytes(value) => out.push_str(&format!("b{:?}", String::from_utf8_lossy(value))),
        Item::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                dump(item, out);
            }
            out.push(']');
        }
        Item::Node(node) => dump_node(node, out),
    }
}

fn dump_node(node: &Node, out: &mut String) {
    out.push_str(node.class);
    out.push('(');
    for (name, item) in &node.fields {
        out.push_str(&format!("{name}="));
        dump(item, out);
        out.push_str(", ");
    }
    if let Some(place) = node.place {
        let (a, b, c, d) = (place.lineno, place.col_offset, place.end_lineno, place.end_col_offset);
        out.push_str(&format!("@{a}:{b}-{c}:{d}"));
    }
    out.push(')');
}

#[test]
fn trees_are_those_of_cpython() {
    let corpus = include_str!("../../../tests/data/trees.tsv");
    let unescape = |text: &str| text.replace("\\\\", "\0").replace("\\n", "\n").replace('\0', "\\");
    let (mut n_cases, mut wrong) = (0, Vec::new());
    for line in corpus.lines() {
        let (text, expected) = line.split_once('\t').unwrap();
        let source = Source::from_text(&unescape(text)).unwrap();
        let module = parse(source, Mode::Exec, ParseFlags::default()).unwrap();
        let mut got = String::new();
        dump_node(&build(&module.source, &module.tree), &mut got);
        n_cases += 1;
        let expected = unescape(expected);
        if got != expected {
            wrong.push(format!("{text}\n  expected {expected}\n  got      {got}"));
        }
    }
    assert!(n_cases > 60);
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
