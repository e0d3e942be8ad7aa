//! Random token streams and cut-up programs: whatever comes, an answer and no panic.

use super::{Mode, ParseFlags, Source, parse};

const WORDS: &[&str] = &[
    "if",
    "else",
    "elif",
    "for",
    "in",
    "while",
    "def",
    "class",
    "try",
    "except",
    "finally",
    "with",
    "as",
    "match",
    "case",
    "type",
    "_",
    "lambda",
    "yield",
    "await",
    "async",
    "return",
    "import",
    "from",
    "global",
    "nonlocal",
    "del",
    "pass",
    "not",
    "and",
    "or",
    "is",
    "None",
    "True",
    "x",
    "y",
    "print",
    "f",
    "1",
    "0x",
    "1_",
    "0o8",
    "1e5",
    "2j",
    "'a'",
    "b'b'",
    "f'{",
    "}'",
    "f'{x!r:>{w}}'",
    "t'{x}'",
    "'''",
    "\"",
    "'\\N{x}'",
    "'\\ud800'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ":=",
    "=",
    "==",
    "+=",
    "->",
    ",",
    ";",
    ".",
    "...",
    "*",
    "**",
    "/",
    "//",
    "@",
    "!",
    "$",
    "?",
    "\\",
    "\n",
    "\n  ",
    "\n    ",
    "\n\t",
    "  ",
    "#c\n",
    "é",
    "\u{200b}",
    "²",
    "\u{1F600}",
    "\r\n",
    "\x0c",
];

struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.next() % WORDS.len()]
    }
}

fn try_all(text: &str) {
    let flags = ParseFlags { allow_incomplete: true, dont_imply_dedent: true };
    for mode in [Mode::Exec, Mode::Eval, Mode::Single, Mode::FuncType] {
        for flags in [ParseFlags::default(), flags] {
            if let Ok(source) = Source::from_text(text) {
                let _ = parse(source, mode, flags);
            }
        }
    }
}

#[test]
fn random_tokens_do_no_harm() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..3_000 {
        let n_words = 1 + random.next() % 20;
        let mut text = String::new();
        for _ in 0..n_words {
            text.push_str(random.word());
            if !random.next().is_multiple_of(3) {
                text.push(' ');
            }
        }
        try_all(&text);
    }
}

#[test]
fn damaged_programs_do_no_harm() {
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    for name in ["textwrap.py", "string/templatelib.py", "graphlib.py"] {
        let bytes = crate::stdlib::read(name).unwrap();
        let text = String::from_utf8(bytes.into_owned()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for _ in 0..25 {
            let start = random.next() % lines.len();
            let end = (start + 40).min(lines.len());
            let mut damaged = lines[start..end].join("\n");
            for _ in 0..3 {
                let mut at = random.next() % (damaged.len() + 1);
                while !damaged.is_char_boundary(at) {
                    at -= 1;
                }
                damaged.insert_str(at, random.word());
            }
            try_all(&damaged);
        }
    }
}

#[test]
fn sound_library_files_parse() {
    for name in ["typing.py", "enum.py", "asyncio/base_events.py", "annotationlib.py"] {
        let bytes = crate::stdlib::read(name).unwrap();
        let source = Source::from_bytes(&bytes).unwrap();
        assert_eq!(
            super::grammar::explain(&source, Mode::Exec, ParseFlags::default()),
            None,
            "{name}"
        );
        assert!(parse(source, Mode::Exec, ParseFlags::default()).is_ok(), "{name}");
    }
}

#[test]
fn deep_nesting_does_no_harm() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("-", ""), ("not ", ""), ("f(", ")"), ("{1:", "}")]
    {
        for n in [150, 3_000] {
            try_all(&format!("{}x{}", open.repeat(n), close.repeat(n)));
            try_all(&open.repeat(n));
        }
    }
    let blocks: String = (0..300).map(|n| format!("{}if x:\n", " ".repeat(n))).collect();
    try_all(&blocks);
    try_all(&format!("x = {}1", "a if b else ".repeat(3_000)));
    try_all(&format!("x{}", ".a".repeat(20_000)));
    try_all(&format!("{}pass", "if x: ".repeat(300)));
}
