//! Claim: the interpreter's list, dict and deque are linearizable under Python threads, with short
//! and long transactions and with aborts at random.
//!
//! A program runs the operations and notes a clock before and after each, between transactions
//! (`sleep(0)` ends one); the history it prints is checked here.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write,
    hash::{BuildHasher, RandomState},
};

use taipan_proptests::{
    interpreter::{MODES, run},
    linear::{Call, Calls, SequentialSpec},
};

const THREADS: usize = 3;
const OPS: usize = 5;
const ROUNDS: usize = 12;

/// One operation by number; what a number means is the spec's affair.
type Op = (u8, u8);

/// The result; -1 for "nothing there".
type Ret = i64;

const DRIVER: &str = r#"
import threading, time
from collections import deque

def spin(n):
    while n:
        n -= 1

def worker(me, plan, thing, start, log):
    start.wait()
    for kind, arg, before, after in plan:
        time.sleep(0)
        begun = time.perf_counter_ns()
        spin(before)
        result = apply(thing, kind, arg)
        spin(after)
        time.sleep(0)
        log.append((me, begun, time.perf_counter_ns(), kind, arg, result))

def play(number, plans):
    thing = make()
    start = threading.Barrier(len(plans))
    logs = [[] for _ in plans]
    threads = [
        threading.Thread(target=worker, args=(me, plan, thing, start, logs[me]))
        for me, plan in enumerate(plans)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for log in logs:
        for entry in log:
            print(number, *entry)

for number, plans in enumerate(PLANS):
    play(number, plans)
"#;

/// A program that plays random plans of operations numbered below `kinds`.
fn program(object: &str, kinds: u64, random: &mut u64) -> String {
    let mut below = |n: u64| {
        *random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*random >> 33) % n
    };
    let mut plans = String::from("PLANS = [\n");
    for _ in 0..ROUNDS {
        plans.push_str("  [");
        for _ in 0..THREADS {
            plans.push('[');
            for _ in 0..OPS {
                let (kind, arg) = (below(kinds), below(4));
                let _ = write!(plans, "({kind}, {arg}, {}, {}), ", below(60), below(60));
            }
            plans.push_str("], ");
        }
        plans.push_str("],\n");
    }
    plans.push_str("]\n");
    format!("{object}{plans}{DRIVER}")
}

/// The histories that a program printed.
fn parse<S: SequentialSpec<Op = Op, Ret = Ret>>(text: &str) -> Vec<Calls<S>> {
    let mut histories: Vec<Calls<S>> = (0..ROUNDS).map(|_| Calls(Vec::new())).collect();
    for line in text.lines() {
        let numbers: Vec<i64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
        let [round, thread, begun, ended, kind, arg, ret] = numbers[..] else {
            panic!("not a line of a history: {line}")
        };
        let span = (begun as u64, ended as u64);
        let call = Call { thread: thread as usize, span, op: (kind as u8, arg as u8), ret };
        histories[round as usize].0.push(call);
    }
    assert!(histories.iter().all(|calls| calls.0.len() == THREADS * OPS), "{text}");
    histories
}

fn check<S>(object: &str, kinds: u64, start: &S)
where
    S: SequentialSpec<Op = Op, Ret = Ret> + Clone,
{
    let seed = RandomState::new().hash_one(object);
    let mut random = seed;
    for mode in MODES {
        let program = program(object, kinds, &mut random);
        let text = run(&program, mode).unwrap_or_else(|error| panic!("{error}\n{program}"));
        for calls in parse::<S>(&text) {
            let fits = calls.linearizable(start.clone());
            assert!(fits, "seed {seed}, mode {mode:?}, no order explains:\n{calls}");
        }
    }
}

#[derive(Clone, Default)]
struct List(Vec<u8>);

impl SequentialSpec for List {
    type Op = Op;
    type Ret = Ret;

    fn invoke(&mut self, &(kind, arg): &Op) -> Ret {
        match kind {
            0 | 1 => self.0.push(arg),
            2 => return self.0.pop().map_or(-1, Ret::from),
            3 => return self.0.len() as Ret,
            4 => self.0.insert(0, arg),
            5 => return self.0.first().copied().map_or(-1, Ret::from),
            6 => self.0.sort_unstable(),
            _ => return self.0.iter().map(|&item| Ret::from(item)).sum(),
        }
        0
    }
}

#[test]
fn a_list() {
    let object = "
def make():
    return []

def apply(thing, kind, arg):
    try:
        if kind < 2:
            thing.append(arg)
        elif kind == 2:
            return thing.pop()
        elif kind == 3:
            return len(thing)
        elif kind == 4:
            thing.insert(0, arg)
        elif kind == 5:
            return thing[0]
        elif kind == 6:
            thing.sort()
        else:
            return sum(thing)
        return 0
    except IndexError:
        return -1
";
    check(object, 8, &List::default());
}

#[derive(Clone, Default)]
struct Dict(BTreeMap<u8, Ret>);

impl SequentialSpec for Dict {
    type Op = Op;
    type Ret = Ret;

    fn invoke(&mut self, &(kind, arg): &Op) -> Ret {
        match kind {
            0 => {
                self.0.insert(arg, Ret::from(arg));
                0
            }
            1 => self.0.remove(&arg).unwrap_or(-1),
            2 => self.0.get(&arg).copied().unwrap_or(-1),
            3 => self.0.len() as Ret,
            4 => *self.0.entry(arg).or_insert(7),
            _ => self.0.values().sum(),
        }
    }
}

#[test]
fn a_dict() {
    let object = "
def make():
    return {}

def apply(thing, kind, arg):
    if kind == 0:
        thing[arg] = arg
        return 0
    if kind == 1:
        return thing.pop(arg, -1)
    if kind == 2:
        return thing.get(arg, -1)
    if kind == 3:
        return len(thing)
    if kind == 4:
        return thing.setdefault(arg, 7)
    return sum(thing.values())
";
    check(object, 6, &Dict::default());
}

#[derive(Clone, Default)]
struct Deque(VecDeque<u8>);

impl SequentialSpec for Deque {
    type Op = Op;
    type Ret = Ret;

    fn invoke(&mut self, &(kind, arg): &Op) -> Ret {
        match kind {
            0 => self.0.push_back(arg),
            1 => self.0.push_front(arg),
            2 => return self.0.pop_back().map_or(-1, Ret::from),
            3 => return self.0.pop_front().map_or(-1, Ret::from),
            4 => return self.0.len() as Ret,
            _ => {
                if let Some(last) = self.0.pop_back() {
                    self.0.push_front(last);
                }
            }
        }
        0
    }
}

#[test]
fn a_deque() {
    let object = "
def make():
    return deque()

def apply(thing, kind, arg):
    try:
        if kind == 0:
            thing.append(arg)
        elif kind == 1:
            thing.appendleft(arg)
        elif kind == 2:
            return thing.pop()
        elif kind == 3:
            return thing.popleft()
        elif kind == 4:
            return len(thing)
        else:
            thing.rotate(1)
        return 0
    except IndexError:
        return -1
";
    check(object, 6, &Deque::default());
}
