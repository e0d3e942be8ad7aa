//! Measures the STM library against `stm`, `fast-stm` and sorted `parking_lot` mutexes.
//!
//! `cargo run --release -p taipan-benches --bin stm -- [WORKLOAD...] [--ms N] [--rounds N]`
//!
//! Throughput rows run each library in turn, round after round, and print each one's best round in
//! operations per second with the ratio to ours; the other rows say what they print.
//!
//! - Holds: all libraries run the same algorithm on the same structure with the same random keys.

mod harness;
mod latency;
mod locks;
mod ours;
mod peers;

use harness::{Options, Row, print_row};

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
    harness::print_header();
    for workload in WORKLOADS.iter().filter(|workload| options.wants(workload.name)) {
        for threads in [1, 2, 4] {
            let worlds = (workload.make)();
            let row = Row::measure(&options, threads, &worlds);
            print_row(workload.name, threads, &row);
        }
    }
    latency::run(&options);
}
