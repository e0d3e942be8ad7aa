//! The text of `-X stm-report`: lost time by pair of lines, with what helps.

use std::{collections::HashMap, fmt::Write as _, time::Duration};

use taipan_stm::Abort;

use crate::{
    report,
    txn::conflicts::{Conflict, Conflicts, Loss, Site},
    vm::shared::Shared,
};

/// Pairs of lines shown.
const SHOWN: usize = 10;

/// What was lost to conflicts, for the end of a run.
pub fn text(shared: &Shared, conflicts: &Conflicts) -> String {
    let losses = conflicts.losses();
    if losses.is_empty() {
        return "[stm] no work was lost to conflicts\n".to_owned();
    }
    let mut out = String::new();
    let mut sources = Sources(report::known_texts(shared));
    let all = losses.iter().fold(Loss::default(), |sum, (_, loss)| Loss {
        attempts: sum.attempts + loss.attempts,
        bytecodes: sum.bytecodes + loss.bytecodes,
        time: sum.time + loss.time,
    });
    let (attempts, time) = (count(all.attempts, "attempt"), ms(all.time));
    let _ =
        writeln!(out, "[stm] lost to conflicts: {time} in {attempts}, {} bytecodes", all.bytecodes);
    for (conflict, loss) in losses.iter().take(SHOWN) {
        let (attempts, time) = (count(loss.attempts, "attempt"), ms(loss.time));
        let _ = writeln!(out, "[stm] {time} in {attempts}: {}", what(conflict));
        let mut line = |label: &str, number: u32| {
            if let Some(site) = conflicts.site(number) {
                let _ = writeln!(out, "[stm]     {label} {}", sources.place(&site));
            }
        };
        line("lost", conflict.lost);
        line("won ", conflict.won);
        let _ = writeln!(out, "[stm]     hint {}", hint(conflict));
    }
    if losses.len() > SHOWN {
        let _ = writeln!(out, "[stm] and {} more pairs of lines", losses.len() - SHOWN);
    }
    out
}

fn ms(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn what(conflict: &Conflict) -> String {
    let class = conflict.class;
    let object = if class.is_empty() { "object" } else { class };
    match conflict.cause {
        Abort::Stale => format!("a '{object}' changed after it was read"),
        Abort::Owned => format!("another thread was changing a '{object}'"),
        Abort::IrrevocableRead => {
            format!("an attempt that can't be undone had read a '{object}' to be changed")
        }
        Abort::NeedToken => "another thread was doing what can't be undone".to_owned(),
        _ => "an older attempt needed what this one was changing".to_owned(),
    }
}

/// What usually helps, from a fixed list.
fn hint(conflict: &Conflict) -> &'static str {
    match (conflict.cause, conflict.class) {
        (Abort::NeedToken | Abort::IrrevocableRead, _) => {
            "shorten what can't be undone: blocks that lose again and again, input, output, other blocking calls"
        }
        (Abort::Stale, class)
            if conflict.lost != conflict.won && conflict.won != 0 && !is_lock(class) =>
        {
            "who reads it loses to each change: change it seldom, or keep apart what changes and what is read"
        }
        (Abort::Killed, _) => "change shared objects late in a block, or in shorter blocks",
        (_, "list" | "collections.deque") => {
            "collect in a list for each thread and join them in the end, or use a queue.Queue"
        }
        (
            _,
            "dict" | "collections.defaultdict" | "collections.OrderedDict" | "collections.Counter",
        ) => {
            "fill a dict for each thread and merge them in the end; replace values rather than add keys"
        }
        (_, "set") => "fill a set for each thread and merge them in the end",
        (_, class) if is_lock(class) => {
            "hold the lock for less, or have a lock for each part of the data"
        }
        (_, "cell" | "module") => {
            "a variable that many threads assign to: count for each thread and add up in the end"
        }
        (_, "type") => "set attributes of classes before the threads start",
        (_, class) if class.contains("iterator") || class == "generator" => {
            "give each thread an iterator of its own"
        }
        _ => "give each thread an object of its own, or split this one into parts",
    }
}

fn is_lock(class: &str) -> bool {
    matches!(class, "_thread.lock" | "_thread.RLock")
}

/// Lines of source files, read when the first one is wanted.
struct Sources(HashMap<String, Option<Vec<String>>>);

impl Sources {
    /// `file:line in function: source line`.
    fn place(&mut self, site: &Site) -> String {
        let Site { file, line, function } = site;
        let lines = self.0.entry(file.to_string()).or_insert_with(|| report::read_lines(file));
        let text = (*line as usize).checked_sub(1).and_then(|n| lines.as_ref()?.get(n));
        match text.map(|text| text.trim()).filter(|text| !text.is_empty()) {
            Some(text) => format!("{file}:{line} in {function}: {text}"),
            None => format!("{file}:{line} in {function}"),
        }
    }
}
