//! Claim: a program prints the same however it is cut into transactions and wherever attempts abort,
//! and prints what CPython prints.
//!
//! Programs are made of random statements in two threads, which share objects in ways whose outcome
//! does not depend on the order: additions, distinct keys, appends that are sorted at the end. Without
//! a CPython the modes are compared with each other.

use std::fmt::Write;

use proptest::{collection::vec, prelude::*};
use taipan_proptests::interpreter::{MODES, oracle, run};

/// One statement of a thread's function. Numbers are operands.
#[derive(Clone, Debug)]
enum Stmt {
    Let(u8, u8),
    AddShared(u8, u8),
    CountKey(u8),
    Append(u8),
    AddAttribute(u8),
    Swap(u8, u8),
    Generate(u8),
    Format(u8, u8),
    Raise(u8, Vec<Stmt>),
    If(u8, Vec<Stmt>, Vec<Stmt>),
    Loop(u8, Vec<Stmt>),
    WithLock(Vec<Stmt>),
    Call(u8, Vec<Stmt>),
}

fn stmts() -> impl Strategy<Value = Vec<Stmt>> {
    let leaf = prop_oneof![
        any::<(u8, u8)>().prop_map(|(a, b)| Stmt::Let(a, b)),
        any::<(u8, u8)>().prop_map(|(a, b)| Stmt::AddShared(a, b)),
        any::<u8>().prop_map(Stmt::CountKey),
        any::<u8>().prop_map(Stmt::Append),
        any::<u8>().prop_map(Stmt::AddAttribute),
        any::<(u8, u8)>().prop_map(|(a, b)| Stmt::Swap(a, b)),
        any::<u8>().prop_map(Stmt::Generate),
        any::<(u8, u8)>().prop_map(|(a, b)| Stmt::Format(a, b)),
    ];
    let stmt = leaf.prop_recursive(3, 24, 4, |inner| {
        let body = || vec(inner.clone(), 1..4);
        prop_oneof![
            (any::<u8>(), body()).prop_map(|(n, body)| Stmt::Raise(n, body)),
            (any::<u8>(), body(), body()).prop_map(|(n, yes, no)| Stmt::If(n, yes, no)),
            (any::<u8>(), body()).prop_map(|(n, body)| Stmt::Loop(n, body)),
            body().prop_map(Stmt::WithLock),
            (any::<u8>(), body()).prop_map(|(n, body)| Stmt::Call(n, body)),
        ]
    });
    vec(stmt, 1..6)
}

/// Writes Python; `locked` says whether the lock is held, which must not be taken twice.
struct Writer {
    text: String,
    names: usize,
}

impl Writer {
    fn line(&mut self, depth: usize, line: &str) {
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = 4 * depth);
    }

    fn block(&mut self, depth: usize, body: &[Stmt], locked: bool) {
        body.iter().for_each(|stmt| self.stmt(depth, stmt, locked));
    }

    fn stmt(&mut self, depth: usize, stmt: &Stmt, locked: bool) {
        let name = |n: &u8| ["a", "b", "c"][usize::from(*n) % 3];
        match stmt {
            Stmt::Let(a, b) => {
                self.line(depth, &format!("{} = ({} * 7 + {b}) % 101", name(a), name(b)))
            }
            Stmt::AddShared(at, n) => self.line(depth, &format!("cells[{}] += {n}", at % 4)),
            Stmt::CountKey(n) => {
                self.line(depth, &format!("counts['k{0}'] = counts.get('k{0}', 0) + 1", n % 5));
            }
            Stmt::Append(n) => self.line(depth, &format!("items.append((me, {n} % 17))")),
            Stmt::AddAttribute(n) => self.line(depth, &format!("box.total += {n}")),
            Stmt::Swap(a, b) => {
                self.line(depth, &format!("{0}, {1} = {1}, {0}", name(a), name(b)));
            }
            Stmt::Generate(n) => {
                self.line(
                    depth,
                    &format!("squares = sum(x * x for x in range({}) if x % 2)", n % 9),
                );
                self.line(depth, "cells[0] += squares");
            }
            Stmt::Format(a, n) => {
                self.line(
                    depth,
                    &format!("lines.append(f'{{me}}:{{{}:>{}}}')", name(a), n % 6 + 1),
                );
            }
            Stmt::Raise(n, body) => self.raise(depth, *n, body, locked),
            Stmt::If(n, yes, no) => {
                self.line(depth, &format!("if {} % 2:", name(n)));
                self.block(depth + 1, yes, locked);
                self.line(depth, "else:");
                self.block(depth + 1, no, locked);
            }
            Stmt::Loop(n, body) => {
                self.line(depth, &format!("for a in range({}):", n % 4 + 1));
                self.block(depth + 1, body, locked);
            }
            Stmt::WithLock(body) => {
                self.line(depth, if locked { "if True:" } else { "with lock:" });
                self.block(depth + 1, body, true);
            }
            Stmt::Call(n, body) => {
                let function = format!("f{}", self.names);
                self.names += 1;
                self.line(depth, &format!("def {function}(a, b, c=3):"));
                self.block(depth + 1, body, locked);
                self.line(depth + 1, "return a + b");
                self.line(depth, &format!("b = {function}({n} % 5, b % 50)"));
            }
        }
    }

    fn raise(&mut self, depth: usize, n: u8, body: &[Stmt], locked: bool) {
        self.line(depth, "try:");
        self.block(depth + 1, body, locked);
        let error = ["1 // 0", "[][1]", "{}['x']", "int('x')"][usize::from(n) % 4];
        self.line(depth + 1, error);
        self.line(depth, "except (ArithmeticError, LookupError, ValueError) as error:");
        self.line(depth + 1, "lines.append(f'{me} {type(error).__name__}')");
        self.line(depth, "finally:");
        self.line(depth + 1, "box.total += 1");
    }
}

fn program(threads: &[Vec<Stmt>]) -> String {
    let mut writer = Writer { text: String::new(), names: 0 };
    writer.text.push_str(
        "import threading\n\n\
         class Box:\n    total = 0\n\n\
         box, lock = Box(), threading.Lock()\n\
         cells, counts, items = [0] * 4, {}, []\n\n",
    );
    // Counting is a read and a write in one statement: nothing may be lost between threads.
    for (me, body) in threads.iter().enumerate() {
        writer.line(0, &format!("def thread{me}(me, lines):"));
        writer.line(1, "a, b, c = 1, 2, 3");
        writer.line(1, "for turn in range(6):");
        writer.block(2, body, false);
        writer.line(1, "lines.append(f'{me} ends with {a} {b} {c}')");
        writer.line(0, "");
    }
    let functions: Vec<String> = (0..threads.len()).map(|me| format!("thread{me}")).collect();
    let _ = writeln!(writer.text, "functions = [{}]", functions.join(", "));
    writer.text.push_str(
        "logs = [[] for _ in functions]\n\
         threads = [threading.Thread(target=f, args=(me, logs[me])) for me, f in enumerate(functions)]\n\
         for thread in threads:\n    thread.start()\n\
         for thread in threads:\n    thread.join()\n\
         for log in logs:\n    print(*log, sep='\\n')\n\
         print(box.total, cells, sorted(counts.items()), sorted(items))\n",
    );
    writer.text
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn a_program_prints_the_same_in_every_mode(threads in vec(stmts(), 2)) {
        let program = program(&threads);
        let first = run(&program, MODES[0]);
        prop_assert!(first.is_ok(), "{first:?}\n{program}");
        for mode in &MODES[1..] {
            let other = run(&program, mode);
            prop_assert_eq!(&other, &first, "mode {:?}:\n{}", mode, &program);
        }
        // Without a switch in the middle of a statement.
        let calm = format!("import sys\nsys.setswitchinterval(1000)\n{program}");
        if let Some(expected) = oracle(&calm) {
            prop_assert_eq!(first.as_ref(), Ok(&expected), "CPython differs:\n{}", &program);
        }
    }
}
