//! The rows that are not throughput: tails, progress, what one party costs another.
#![expect(clippy::print_stdout, reason = "tables on stdout are what this program is for")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use taipan_stm::{Config, Domain, Runner, TVar};

use crate::{
    harness::{Bar, Options, Random, pin},
    ours::transfer,
};

pub(crate) fn run(options: &Options) -> Vec<Bar> {
    let mut bars = Vec::new();
    if options.wants("pair") {
        bars.extend(pair(options.round * options.rounds as u32));
    }
    if options.wants("long-reader") {
        bars.push(long_reader(options.round * options.rounds as u32));
    }
    if options.wants("irrevocable") {
        bars.push(irrevocable(options));
    }
    bars
}

/// Runs `body` on `threads` threads until the time is up; each gets its number and the stop flag.
fn together<R: Send>(
    threads: u64,
    time: Duration,
    body: impl Fn(u64, &AtomicBool) -> R + Sync,
) -> Vec<R> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|id| {
                let (stop, body) = (&stop, &body);
                scope.spawn(move || {
                    pin(id);
                    body(id, stop)
                })
            })
            .collect();
        thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
    })
}

/// Two threads move money between the same two accounts, one each way.
fn pair(time: Duration) -> Vec<Bar> {
    let domain = Domain::new(Config::default());
    let accounts = [TVar::new(1000_u64), TVar::new(1000)];
    let results = together(2, time, |id, stop| {
        let mut runner = Runner::new(&domain).expect("a slot");
        let mut times = Vec::with_capacity(1 << 22);
        let (from, to) = (id as usize, 1 - id as usize);
        while !stop.load(Ordering::Relaxed) && times.len() < times.capacity() {
            let begun = Instant::now();
            transfer(&mut runner, &accounts[from], &accounts[to]);
            times.push(begun.elapsed().as_nanos() as u64);
        }
        (times, *runner.stats())
    });
    let mut bars = Vec::new();
    for (id, (mut times, stats)) in results.into_iter().enumerate() {
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "pair: thread {id}: {} transactions, p50 {} ns, p99 {} ns, p99.9 {} ns ({:.1}x p50), max {} ns, \
             {} aborts, {} tokens",
            times.len(),
            at(0.5),
            at(0.99),
            at(0.999),
            at(0.999) as f64 / at(0.5) as f64,
            at(1.0),
            stats.aborts_total(),
            stats.tokens,
        );
        let measured = format!(
            "{:.1}x of p50 = {} ns, {} transactions",
            at(0.999) as f64 / at(0.5) as f64,
            at(0.5),
            times.len()
        );
        bars.push(Bar::new(format!("pair, thread {id}, p99.9"), measured, "50x, both progress"));
    }
    bars
}

/// One thread sums 1 000 accounts while another moves money between them.
fn long_reader(time: Duration) -> Bar {
    let domain = Domain::new(Config::default());
    let accounts: Vec<TVar<u64>> = (0..1000).map(|_| TVar::new(1000)).collect();
    let worst = AtomicU64::new(0);
    let results = together(2, time, |id, stop| {
        let mut runner = Runner::new(&domain).expect("a slot");
        let mut random = Random::new(id + 1);
        let mut done = 0_u64;
        while !stop.load(Ordering::Relaxed) {
            if id == 0 {
                let before = runner.stats().aborts_total();
                let sum = runner.read_only(|tx| {
                    accounts.iter().try_fold(0_u64, |sum, var| Ok(sum.wrapping_add(tx.read(var)?)))
                });
                assert_eq!(sum, 1_000_000);
                worst.fetch_max(runner.stats().aborts_total() - before, Ordering::Relaxed);
            } else {
                let (from, to) = random.two_below(accounts.len());
                transfer(&mut runner, &accounts[from], &accounts[to]);
            }
            done += 1;
        }
        (done, *runner.stats())
    });
    let (sums, stats) = results[0];
    println!(
        "long-reader: {sums} sums beside {} transfers; aborts of a sum: {:.2} on average, {} at worst; \
         {} by token",
        results[1].0,
        stats.aborts_total() as f64 / sums.max(1) as f64,
        worst.load(Ordering::Relaxed),
        stats.tokens,
    );
    let measured = format!("{} aborts of one sum", worst.load(Ordering::Relaxed));
    Bar::new("long reader, at worst".into(), measured, "10")
}

/// What an irrevocable transaction every 1 000 of one thread costs a disjoint other thread.
fn irrevocable(options: &Options) -> Bar {
    let measure = |with: bool| {
        let domain = Domain::new(Config::default());
        let rates = together(2, options.round, |id, stop| {
            let mut runner = Runner::new(&domain).expect("a slot");
            let accounts: Arc<[TVar<u64>]> = (0..64).map(|_| TVar::new(1000)).collect();
            let mut random = Random::new(id + 1);
            let (begun, mut done) = (Instant::now(), 0_u64);
            while !stop.load(Ordering::Relaxed) {
                let (from, to) = random.two_below(accounts.len());
                if with && id == 0 && done % 1000 == 0 {
                    runner.irrevocably(|tx| {
                        tx.modify(&accounts[from], |n| *n = n.wrapping_sub(1));
                        tx.modify(&accounts[to], |n| *n = n.wrapping_add(1));
                    });
                } else {
                    transfer(&mut runner, &accounts[from], &accounts[to]);
                }
                done += 1;
            }
            done as f64 / begun.elapsed().as_secs_f64()
        });
        rates[1]
    };
    let mut ratios: Vec<f64> =
        (0..options.rounds).map(|_| measure(true) / measure(false)).collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    println!("irrevocable: the other thread runs at {median:.3} of its speed");
    Bar::new("irrevocable every 1000, the other thread".into(), format!("{median:.3}"), "0.9")
}
