//! The command `taipan`: from its arguments to its exit status.
//!
//! `machine.rs` gives worlds and threads an interpreter, `program.rs` finds and runs the program, `pending.rs` calls what
//! waits: handlers of signals, finalizers.

mod machine;
mod pending;
mod program;

use std::{ffi::OsString, io::Write as _, sync::atomic::Ordering, time::Duration};

use taipan_objects::{Completion, Cx, Settings, heap::Marking, types::dict};
use taipan_stm::Abort;

use self::program::{program_source, reads_terminal, run_program};
use crate::{
    cli::{self, Config, HashSeed, Request},
    code_cache::CodeCache,
    configure::{configure, program_path, site, streams},
    os, repl, report, shutdown, stdlib,
    txn::{conflict_report, driver, io, options::Options},
    vm::state::{vm, vm_ref},
};

pub(crate) use self::program::{absolute, is_importable};
pub use self::{
    machine::{attach, detach, start},
    pending::{pending_calls, serve_signals},
    program::{make_main, run_main},
};

/// With `-X stm-shake`, one barrier in so many aborts, besides one poll in four.
const SHAKE_ONE_IN: u32 = 256;

/// The command: parses arguments, runs, gives the exit status.
pub fn command(args: Vec<OsString>) -> i32 {
    let name = args.first().map_or("taipan".to_owned(), |a| a.to_string_lossy().into_owned());
    let var = |name: &str| std::env::var_os(name);
    let config = match cli::parse(&name, args.into_iter().skip(1), &var) {
        Ok(Request::Run(config)) => config,
        Ok(Request::Print(text)) => {
            let _ = std::io::stdout().write_all(text.as_bytes());
            return 0;
        }
        Err(error) => {
            complain(&error.text);
            return error.code.into();
        }
    };
    let source = match program_source(&config) {
        Ok(source) => source,
        Err(status) => return status,
    };
    let (settings, options) = (settings(&config), options(&config, &var));
    let stats = options.stats;
    let mut cx = match start(settings, options) {
        Ok(cx) => cx,
        Err(text) => {
            complain(&text);
            return 1;
        }
    };
    // What would end the program is an OSError where it happens, as with SIGPIPE, which the Rust runtime ignores.
    let _ = os::set_signal(libc::SIGXFSZ, os::SignalAction::Ignore);
    // Without a handler of Python's, an interrupt becomes `KeyboardInterrupt`.
    let _ = os::set_signal(libc::SIGINT, os::SignalAction::Catch);
    let prepared = driver::with_attempt(&mut cx, |cx| {
        configure(cx, &config)?;
        streams(cx, &config)?;
        site(cx, &config)?;
        program_path(cx, &config)
    });
    let result = prepared.and_then(|()| run_program(&mut cx, &config, source));
    let mut status = match result {
        Ok(()) => 0,
        Err(escape) => {
            vm(&mut cx).driver.is_hosted = true;
            let done = driver::with_attempt(&mut cx, |cx| report::uncaught(cx, escape));
            vm(&mut cx).driver.is_hosted = false;
            done.unwrap_or(1)
        }
    };
    if config.inspect || reads_terminal(&config) {
        status = interact(&mut cx, &config).unwrap_or(1);
    }
    let end = shutdown::finish(&mut cx);
    if status == 130 {
        io::flush(&mut cx);
        os::die_of(2);
    }
    if end != 0 && status == 0 {
        status = end;
    }
    if stats {
        print_stats(&mut cx);
    }
    let shared = vm_ref(&cx).shared;
    if let Some(conflicts) = &shared.conflicts {
        let text = conflict_report::text(shared, conflicts);
        complain(&text);
    }
    status
}

/// What the world is made with.
fn settings(config: &Config) -> Settings {
    let hash_key = match config.hash_seed {
        HashSeed::Fixed(seed) => {
            (u64::from(seed), u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        }
        HashSeed::Random => random_key(),
    };
    let max_memory = usize::try_from(config.stm.max_memory.unwrap_or(0)).unwrap_or(0);
    let shake_one_in = if config.stm.shake.is_some() { SHAKE_ONE_IN } else { 0 };
    let marking = Marking { markers: config.stm.gc_markers, eager: config.stm.gc_stress };
    let mut settings =
        Settings { max_memory, marking, hash_key, shake_one_in, ..Settings::default() };
    if config.stm.shake.is_some() {
        settings.split_from = 1;
    }
    settings
}

/// What the interpreter goes by.
fn options(config: &Config, var: &dyn Fn(&str) -> Option<OsString>) -> Options {
    Options {
        always: config.stm.mode == cli::StmMode::On,
        window: config.stm.window,
        shake: config.stm.shake,
        stats: config.stm.stats,
        report: config.stm.report,
        cpu_count: config.cpu_count,
        no_debug_ranges: config.no_debug_ranges,
        warn_default_encoding: config.warn_default_encoding,
        ignore_environment: config.ignore_environment,
        colors: config.colors,
        gc_stress: config.stm.gc_stress,
        optimize: config.optimize.min(2),
        cache: CodeCache::open(&stdlib::root(), var, !config.dont_write_bytecode),
    }
}

/// Writes to standard error; if that fails there is nobody to tell.
fn complain(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn print_stats(cx: &mut Cx) {
    driver::add_stats(cx);
    let totals = *vm_ref(cx).shared.threads.totals().lock();
    let mut text =
        format!("[stm] commits {}\n[stm] aborts {}", totals.commits, totals.aborts_total());
    for cause in Abort::ALL {
        let n = totals.aborts_for(cause);
        if n > 0 {
            text.push_str(&format!(" {}={n}", cause.name()));
        }
    }
    let ms = totals.irrevocable_ns as f64 / 1e6;
    text.push_str(&format!(
        "\n[stm] wasted bytecodes {}\n[stm] irrevocable {ms:.3} ms in {} turns\n",
        totals.wasted_units, totals.tokens,
    ));
    // Relaxed: a counter.
    let splits = vm_ref(cx).shared.threads.splits.load(Ordering::Relaxed);
    if splits > 0 {
        text.push_str(&format!("[stm] dicts split {splits}\n"));
    }
    let heap = &cx.world.heap;
    let (all, longest) = heap.pauses();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    text.push_str(&format!(
        "[stm] collections {}, paused {:.3} ms, longest {:.3} ms, live {} KiB\n",
        heap.collections(),
        ms(all),
        ms(longest),
        heap.live_bytes() / 1024,
    ));
    complain(&text);
}

/// The interactive loop in the program's namespace.
fn interact(cx: &mut Cx, config: &Config) -> Completion<i32> {
    let main = driver::with_attempt(cx, |cx| {
        let key = cx.intern("__main__")?;
        let table = vm_ref(cx).shared.modules();
        dict::get_item_name(cx, table, key)
    })?;
    Ok(main.obj().map_or(1, |main| repl::run(cx, main, config)))
}

fn random_key() -> (u64, u64) {
    use std::hash::{BuildHasher, Hasher};
    let state = std::collections::hash_map::RandomState::new();
    let mut hasher = state.build_hasher();
    hasher.write_u64(1);
    let a = hasher.finish();
    hasher.write_u64(2);
    (a, hasher.finish())
}
