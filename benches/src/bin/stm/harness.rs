//! Threads, rounds, the best of them.
#![expect(clippy::print_stdout, reason = "tables on stdout are what this program is for")]

use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use nix::{
    sched::{CpuSet, sched_setaffinity},
    unistd::Pid,
};

/// The end of a chain.
pub(crate) const NONE: u32 = u32::MAX;

/// One library's state for a workload: makes one thread's operation.
pub(crate) type World = Box<dyn Fn(u64) -> Box<dyn FnMut()> + Sync>;

/// What the command line asks for.
pub(crate) struct Options {
    names: Vec<String>,
    pub(crate) round: Duration,
    pub(crate) rounds: usize,
}

impl Options {
    pub(crate) fn from_args() -> Options {
        let mut options =
            Options { names: Vec::new(), round: Duration::from_millis(100), rounds: 9 };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut number = || args.next().and_then(|text| text.parse().ok()).unwrap_or(1);
            match arg.as_str() {
                "--ms" => options.round = Duration::from_millis(number()),
                "--rounds" => options.rounds = number() as usize,
                name => options.names.push(name.to_owned()),
            }
        }
        options
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }
}

/// A small random number generator, the same for everyone.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    #[inline(always)]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * n as u64) >> 32) as usize
    }

    /// Two different numbers.
    #[inline(always)]
    pub(crate) fn two_below(&mut self, n: usize) -> (usize, usize) {
        let one = self.below(n);
        let two = (one + 1 + self.below(n - 1)) % n;
        (one, two)
    }
}

/// CPU time of the calling thread in seconds, where the system tells it.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(|nanoseconds: f64| nanoseconds / 1e9)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Keeps the calling thread on the core of its number, counted round. Left alone, two threads that
/// wait for each other at the start of a round may share one core until its end.
pub(crate) fn pin(id: u64) {
    let mut set = CpuSet::new();
    // Where the system refuses, the row is measured all the same.
    let _ = set.set(id as usize % cores()).and_then(|()| sched_setaffinity(Pid::from_raw(0), &set));
}

/// Nanoseconds in which a cache line goes from one core to another and back. A virtual machine's cores
/// move between the host's, near to each other or far, and figures of shared data move with them. 0 with
/// a single core.
fn round_trip() -> u64 {
    const TRIPS: u64 = 20_000;
    if cores() == 1 {
        return 0;
    }
    let ball = AtomicU64::new(0);
    // Acquire and Release: each side waits for the other's store alone.
    let play = |id: u64| {
        pin(id);
        let begun = Instant::now();
        for at in (id..2 * TRIPS).step_by(2) {
            while ball.load(Ordering::Acquire) != at {
                std::hint::spin_loop();
            }
            ball.store(at + 1, Ordering::Release);
        }
        begun.elapsed().as_nanos() as u64 / TRIPS
    };
    thread::scope(|scope| {
        let other = scope.spawn(move || play(1));
        scope.spawn(move || play(0)).join().unwrap_or(0).max(other.join().unwrap_or(0))
    })
}

/// Operations per second of `threads` threads together: of CPU time for one thread, so that other
/// programs on the machine do not count; of real time for several.
fn throughput(world: &World, threads: u64, time: Duration) -> f64 {
    let stop = AtomicBool::new(false);
    let start = Barrier::new(threads as usize + 1);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|id| {
                let (stop, start) = (&stop, &start);
                scope.spawn(move || {
                    pin(id);
                    let mut operation = world(id);
                    start.wait();
                    let (begun, cpu_begun) = (Instant::now(), cpu_seconds());
                    let mut done = 0_u64;
                    while !stop.load(Ordering::Relaxed) {
                        (0..16).for_each(|_| operation());
                        done += 16;
                    }
                    let cpu = cpu_seconds().zip(cpu_begun).map(|(end, start)| end - start);
                    let real = begun.elapsed().as_secs_f64();
                    let time = cpu.filter(|&cpu| threads == 1 && cpu > 0.0).unwrap_or(real);
                    done as f64 / time
                })
            })
            .collect();
        start.wait();
        thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().map(|worker| worker.join().unwrap_or(0.0)).sum()
    })
}

/// The best round of each library in one workload.
pub(crate) struct Row(Vec<(&'static str, f64)>);

impl Row {
    pub(crate) fn measure(
        options: &Options,
        threads: u64,
        worlds: &[(&'static str, World)],
    ) -> Row {
        let mut samples = vec![Vec::new(); worlds.len()];
        for _ in 0..options.rounds {
            for ((_, world), samples) in worlds.iter().zip(&mut samples) {
                samples.push(throughput(world, threads, options.round));
            }
        }
        let best = |samples: Vec<f64>| samples.into_iter().fold(f64::MIN_POSITIVE, f64::max);
        Row(worlds.iter().zip(samples).map(|((name, _), s)| (*name, best(s))).collect())
    }
}

impl Row {
    /// The rate of one library.
    pub(crate) fn rate(&self, name: &str) -> f64 {
        self.0.iter().find(|cell| cell.0 == name).map_or(f64::NAN, |cell| cell.1)
    }

    /// How many times faster we are than the better of the two other libraries.
    pub(crate) fn over_peers(&self) -> f64 {
        self.rate("taipan") / self.rate("stm").max(self.rate("fast-stm"))
    }

    /// How many times faster we are than the mutexes.
    pub(crate) fn over_mutexes(&self) -> f64 {
        self.rate("taipan") / self.rate("mutexes")
    }
}

/// A figure beside the one that this library is to reach.
pub(crate) struct Bar {
    pub(crate) what: String,
    pub(crate) measured: String,
    pub(crate) asked: String,
}

impl Bar {
    pub(crate) fn new(what: String, measured: String, asked: &str) -> Bar {
        Bar { what, measured, asked: asked.to_owned() }
    }
}

pub(crate) fn print_bars(bars: &[Bar]) {
    println!("\n| figure | measured | asked |");
    println!("|---|---|---|");
    for bar in bars {
        println!("| {} | {} | {} |", bar.what, bar.measured, bar.asked);
    }
}

pub(crate) fn print_header() {
    println!("| workload | threads | taipan | stm | fast-stm | mutexes | round trip, ns |");
    println!("|---|---|---|---|---|---|---|");
}

pub(crate) fn print_row(name: &str, threads: u64, row: &Row) {
    let (ours, round_trip) = (row.0[0].1, round_trip());
    let cells: Vec<String> = row
        .0
        .iter()
        .map(|&(_, rate)| format!("{} ({:.2}x)", in_units(rate), ours / rate))
        .collect();
    println!("| {name} | {threads} | {} | {round_trip} |", cells.join(" | "));
}

fn in_units(rate: f64) -> String {
    if rate >= 1e6 { format!("{:.2}M", rate / 1e6) } else { format!("{:.1}k", rate / 1e3) }
}
