//! Measures the STM library against `stm`, `fast-stm` and sorted `parking_lot` mutexes.
//!
//! `cargo run --release -p taipan-benches --bin stm -- [WORKLOAD...] [--ms N] [--rounds N]`
//!
//! Throughput rows run each library in turn, round after round, and print each one's best round in
//! operations per second with the ratio to ours; the other rows say what they print. At the end
//! every figure stands beside what is asked of it (`benches/RESULTS.md`).
//!
//! - Holds: all libraries run the same algorithm on the same structure with the same random keys.

mod harness;
mod latency;
mod locks;
mod ours;
mod peers;

use std::collections::HashMap;

use harness::{Bar, Options, Row, print_bars, print_row};

/// One workload: a name and a way to make each library's world.
struct Workload {
    name: &'static str,
    make: fn() -> Vec<(&'static str, harness::World)>,
}

const WORKLOADS: &[Workload] = &[
    Workload {
        name: "bank-1000",
        make: || {
            all(
                ours::bank(1000),
                peers::stm::bank(1000),
                peers::fast::bank(1000),
                locks::bank(1000),
            )
        },
    },
    Workload {
        name: "bank-10",
        make: || all(ours::bank(10), peers::stm::bank(10), peers::fast::bank(10), locks::bank(10)),
    },
    Workload {
        name: "counter",
        make: || {
            all(ours::counter(), peers::stm::counter(), peers::fast::counter(), locks::counter())
        },
    },
    Workload {
        name: "sum-1000",
        make: || all(ours::sum(), peers::stm::sum(), peers::fast::sum(), locks::sum()),
    },
    Workload {
        name: "list-256",
        make: || all(ours::list(), peers::stm::list(), peers::fast::list(), locks::list()),
    },
    Workload {
        name: "hash-2048",
        make: || all(ours::hash(), peers::stm::hash(), peers::fast::hash(), locks::hash()),
    },
    Workload {
        name: "disjoint",
        make: || {
            all(
                ours::disjoint(),
                peers::stm::disjoint(),
                peers::fast::disjoint(),
                locks::disjoint(),
            )
        },
    },
    Workload {
        name: "create-1000",
        make: || all(ours::create(), peers::stm::create(), peers::fast::create(), locks::create()),
    },
];

fn all(
    ours: harness::World,
    stm: harness::World,
    fast: harness::World,
    locks: harness::World,
) -> Vec<(&'static str, harness::World)> {
    vec![("taipan", ours), ("stm", stm), ("fast-stm", fast), ("mutexes", locks)]
}

fn main() {
    let options = Options::from_args();
    let mut rows = HashMap::new();
    let mut bars = Vec::new();
    harness::print_header();
    for workload in WORKLOADS.iter().filter(|workload| options.wants(workload.name)) {
        for threads in [1, 2, 4] {
            let worlds = (workload.make)();
            let row = Row::measure(&options, threads, &worlds);
            print_row(workload.name, threads, &row);
            bars.extend(row_bars(workload.name, threads, &row));
            rows.insert((workload.name, threads), row.rate("taipan"));
        }
    }
    if let (Some(one), Some(two)) = (rows.get(&("disjoint", 1)), rows.get(&("disjoint", 2))) {
        let measured = format!("{:.2}x", two / one);
        bars.push(Bar::new("disjoint, two threads over one".into(), measured, "1.8x"));
    }
    bars.extend(latency::run(&options));
    print_bars(&bars);
}

/// Operations per second of GHC's library at 1 and 2 threads on another 2-core machine.
const GHC: &[(&str, [f64; 2])] =
    &[("bank-1000", [19e6, 9.8e6]), ("bank-10", [22e6, 4.0e6]), ("counter", [44.8e6, 5.0e6])];

fn row_bars(name: &str, threads: u64, row: &Row) -> Vec<Bar> {
    let what = |rival: &str| format!("{name}, {threads} threads, over {rival}");
    let asked = if matches!(name, "list-256" | "sum-1000") { "15x" } else { "6x" };
    let peers = format!("{:.2}x", row.over_peers());
    let mut bars = vec![Bar::new(what("the better library"), peers, asked)];
    let mutexes = format!("{:.2}x", row.over_mutexes());
    match (name, threads) {
        ("bank-1000" | "bank-10", 1) => bars.push(Bar::new(what("mutexes"), mutexes, "0.5x")),
        ("bank-1000" | "bank-10", _) => bars.push(Bar::new(what("mutexes"), mutexes, "0.8x")),
        ("sum-1000", _) => bars.push(Bar::new(what("mutexes"), mutexes, "2x")),
        _ => {}
    }
    let ghc = GHC.iter().find(|known| known.0 == name);
    if let Some(rate) = ghc.and_then(|known| known.1.get(threads as usize - 1)) {
        let measured = format!("{:.2}x", row.rate("taipan") / rate);
        bars.push(Bar::new(what("GHC elsewhere"), measured, "1x"));
    }
    bars
}
