//! Random programs through parser and compiler: whatever comes, an error or code that the verifier accepts, and no panic.
//!
//! Most programs are made from templates, so that they get past the parser; some are then damaged. Seeds are fixed.

use taipan::{
    code::verify::verify,
    compile::{self, Options},
    syntax::{
        parse::{Mode, ParseFlags, Tree, parse},
        source::Source,
    },
};

/// Expressions; `$e` is an expression, `$n` a name, `$t` a target.
const EXPRESSIONS: &[&str] = &[
    "$n",
    "$n",
    "1",
    "'s'",
    "None",
    "True",
    "...",
    "1.5",
    "2j",
    "b'b'",
    "-$e",
    "not $e",
    "~$e",
    "$e + $e",
    "$e ** $e",
    "$e and $e or $e",
    "$e if $e else $e",
    "$e < $e <= $e",
    "$e is not $e",
    "$e not in $e",
    "($e, $e)",
    "[$e, *$e]",
    "{$e: $e, **$e}",
    "{$e, *$e}",
    "()",
    "[]",
    "{}",
    "$n($e)",
    "$n(*$e, **$e)",
    "$n($n=$e)",
    "$n.$n",
    "$n.$n($e)",
    "$n[$e]",
    "$n[$e:$e:$e]",
    "$n[:, $e]",
    "(lambda $n, /, *$n, k=$e, **q: $e)",
    "[$e for $t in $e if $e]",
    "{$e for $t in $e for $t in $e}",
    "{$e: $e for $t in $e}",
    "($e for $t in $e)",
    "($n := $e)",
    "f'{$e}'",
    "f'a{$e!r:>{$e}}b'",
    "f'{$n=}'",
    "t'{$n}'",
    "(yield)",
    "(yield $e)",
    "(yield from $e)",
    "(await $e)",
    "[$e async for $t in $e]",
    "__debug__",
    "super().$n",
    "__class__",
    "1 + 2 * 3",
    "(1, 2, 3)[0]",
    "'a' 'b' f'{$n}'",
    "0x_ff",
    "10 ** 30",
];
const TARGETS: &[&str] = &["$n", "$n.$n", "$n[$e]", "($t, $t)", "[$t, *$t]", "$n, $n"];
/// Statements; `$b` is an indented block.
const STATEMENTS: &[&str] = &[
    "$e",
    "$t = $e",
    "$t = $t = $e",
    "$n += $e",
    "$n.$n -= $e",
    "$n[$e] *= $e",
    "$n: $e = $e",
    "$n: $e",
    "del $n, $n.$n, $n[$e]",
    "pass",
    "break",
    "continue",
    "return",
    "return $e",
    "raise",
    "raise $e from $e",
    "global $n",
    "nonlocal $n",
    "import $n.$n as $n, $n",
    "from $n import $n as $n",
    "from . import $n",
    "from $n import *",
    "assert $e, $e",
    "if $e:$b",
    "if $e:$b\nelif $e:$b\nelse:$b",
    "while $e:$b\nelse:$b",
    "for $t in $e:$b\nelse:$b",
    "try:$b\nexcept $e as $n:$b\nexcept:$b\nelse:$b\nfinally:$b",
    "try:$b\nexcept* $e:$b",
    "try:$b\nfinally:$b",
    "with $e as $t, $e:$b",
    "async with $e:$b",
    "async for $t in $e:$b",
    "def $n($n, /, $n=$e, *$n, $n: $e=$e, **$n) -> $e:$b",
    "async def $n():$b",
    "@$e\nclass $n($e, metaclass=$e):$b",
    "class $n[T: $e = $e, *Ts, **P]:$b",
    "def $n[T]($n: T) -> T:$b",
    "type $n[T] = $e",
    "match $e:\n case [$n, *_]:$b\n case {'k': $n, **$n} if $e:$b\n case $n.$n | None | 1:$b\n case $n(1, x=[_]) as $n:$b\n case _:$b",
    "\"\"\"doc\"\"\"",
    "from __future__ import annotations",
    "lambda: (yield)",
];
const NAMES: &[&str] = &["a", "b", "c", "self", "x", "y", "__private", "_", "k", "print"];
const WORDS: &[&str] =
    &["(", ")", ":", "\n", " ", "=", "*", "async ", "yield", ",", "'", "{", "}", "\\", "if "];

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % n
    }

    fn pick(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }

    fn fill(&mut self, template: &str, depth: u32) -> String {
        let mut out = String::new();
        let mut chars = template.chars();
        while let Some(c) = chars.next() {
            match c {
                '$' => match chars.next() {
                    Some('e') if depth == 0 => out.push_str(self.pick(NAMES)),
                    Some('e') => {
                        let template = self.pick(EXPRESSIONS);
                        out.push_str(&self.fill(template, depth - 1));
                    }
                    Some('t') => {
                        let all = if depth == 0 { &TARGETS[..1] } else { TARGETS };
                        let template = self.pick(all);
                        out.push_str(&self.fill(template, depth.saturating_sub(1)));
                    }
                    Some('b') => {
                        for line in self.block(depth.saturating_sub(1)).lines() {
                            out.push_str("\n  ");
                            out.push_str(line);
                        }
                    }
                    _ => out.push_str(self.pick(NAMES)),
                },
                c => out.push(c),
            }
        }
        out
    }

    fn block(&mut self, depth: u32) -> String {
        let n = 1 + self.below(if depth > 1 { 4 } else { 2 });
        let all = if depth == 0 { &STATEMENTS[..23] } else { STATEMENTS };
        (0..n)
            .map(|_| {
                let template = self.pick(all);
                self.fill(template, depth) + "\n"
            })
            .collect()
    }
}

/// Whether the program compiled. Code that the verifier refuses is a bug of the compiler.
fn compiles(text: &str, mode: Mode, optimize: u8) -> bool {
    let Ok(source) = Source::from_text(text) else { return false };
    let Ok(module) = parse(source, mode, ParseFlags::default()) else { return false };
    let options = Options { optimize, top_level_await: optimize == 1, ..Options::default() };
    let text = module.source.text();
    let unit = match &module.tree {
        Tree::Module(m) => compile::compile_body(&m.body, text, "f", compile::Mode::Exec, options),
        Tree::Interactive(m) => {
            compile::compile_body(&m.body, text, "f", compile::Mode::Single, options)
        }
        Tree::Expression(m) => compile::compile_expression(&m.body, text, "f", options),
        Tree::FunctionType(..) => return false,
    };
    match unit {
        Ok(unit) => {
            if let Err(error) = verify(&unit) {
                panic!("{error} in\n{text}");
            }
            true
        }
        Err(_) => false,
    }
}

#[test]
fn random_programs_compile_or_are_refused() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut n_compiled = 0;
    for round in 0..2_000 {
        let depth = 1 + (round % 4);
        let text = random.block(depth);
        n_compiled += usize::from(compiles(&text, Mode::Exec, (round % 3) as u8));
        compiles(&text, Mode::Single, 0);
    }
    // Names that clash refuse many; that some get through shows that the compiler is tested at all.
    assert!(n_compiled > 200, "only {n_compiled} programs compiled");
}

#[test]
fn random_expressions_compile_or_are_refused() {
    let mut random = Random(0x0123_4567_89AB_CDEF);
    let mut n_compiled = 0;
    for _ in 0..4_000 {
        let text = random.fill("$e", 4);
        n_compiled += usize::from(compiles(&text, Mode::Eval, 1));
    }
    assert!(n_compiled > 1_000, "only {n_compiled} expressions compiled");
}

#[test]
fn damaged_programs_do_no_harm() {
    let mut random = Random(0xDEAD_BEEF_CAFE_F00D);
    for _ in 0..1_000 {
        let mut text = random.block(3);
        for _ in 0..1 + random.below(3) {
            let mut at = random.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, random.pick(WORDS));
        }
        compiles(&text, Mode::Exec, 0);
    }
}
