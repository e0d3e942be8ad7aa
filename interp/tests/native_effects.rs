//! What natives declare is what happens: of a module that counts its calls outside all transactions, irrevocable and
//! blocking functions run exactly once for each call in the program, whatever is aborted and replayed around them.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan::{
    compiling::{self, CompileMode, Job},
    modules::{self, ModuleDef},
    run,
    txn::{driver, options::Options},
    vm::state::vm_ref,
};
use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Settings, Value, native::NativeFn, types::dict,
};
use taipan_stm::Abort;

static IRREVOCABLE: AtomicU64 = AtomicU64::new(0);
static BLOCKING: AtomicU64 = AtomicU64::new(0);
static TRANSACTIONAL: AtomicU64 = AtomicU64::new(0);

fn count(counter: &AtomicU64) -> Value {
    Value::small(counter.fetch_add(1, Ordering::SeqCst) as i64)
}

fn irrevocable(_: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Ok(count(&IRREVOCABLE))
}

fn blocking(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let mut n = Value::NONE;
    driver::blocking(cx, &mut || n = count(&BLOCKING))?;
    Ok(n)
}

fn transactional(_: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Ok(count(&TRANSACTIONAL))
}

const fn row(name: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig: "()", effect, run, doc: "Count a call." }
}

static COUNTING: ModuleDef = ModuleDef {
    name: "counting",
    functions: &[
        row("irrevocable", Effect::Irrevocable, irrevocable),
        row("blocking", Effect::Blocking, blocking),
        row("transactional", Effect::Transactional, transactional),
    ],
    ..ModuleDef::BASE
};

const THREADS: u64 = 4;
const ROUNDS: u64 = 400;

const PROGRAM: &str = "
import _thread, counting
seen, total = [], {'n': 0}
def boundary(): pass
def work():
    for i in range(400):
        total['n'] += 1
        counting.transactional()
        boundary()
        seen.append(counting.irrevocable())
        total['n'] += 1
        if i % 8 == 0:
            counting.blocking()
        total['n'] += 1
threads = [_thread.start_joinable_thread(work) for _ in range(4)]
for t in threads: t.join()
assert total['n'] == 3 * 1600, total
assert sorted(seen) == list(range(1600)), len(set(seen))
";

/// Runs the program in a world of its own; gives the number of aborts.
fn run_program(options: Options) -> u64 {
    let mut cx = run::start(Settings::default(), options).expect("a world");
    let cx = &mut *cx;
    let (code, main) = driver::with_attempt(cx, |cx| {
        let module = modules::make(cx, &COUNTING)?;
        let name = cx.intern("counting")?;
        let table = vm_ref(cx).shared.modules();
        dict::set_item(cx, table, name, module.into())?;
        let main = run::make_main(cx)?;
        let code = compiling::code(cx, PROGRAM.as_bytes(), &Job::new("<test>", CompileMode::Exec))?;
        Ok((code, main))
    })
    .expect("the program compiles");
    if let Err(escape) = run::run_main(cx, code, main) {
        let e = escape.exception().expect("an exception");
        panic!("{}", taipan::report::text(cx, e).expect("a traceback"));
    }
    driver::add_stats(cx);
    let totals = *vm_ref(cx).shared.threads.totals().lock();
    Abort::ALL.iter().map(|&cause| totals.aborts_for(cause)).sum()
}

#[test]
fn irrevocable_and_blocking_calls_happen_once() {
    let fixed = |window| Options { always: true, window: Some(window), ..Options::default() };
    let shaken =
        |seed| Options { always: true, window: Some(1), shake: Some(seed), ..Options::default() };
    for options in [Options::default(), fixed(1), fixed(20), fixed(2000), shaken(1), shaken(2)] {
        let forced = options.shake.is_some();
        for counter in [&IRREVOCABLE, &BLOCKING, &TRANSACTIONAL] {
            counter.store(0, Ordering::SeqCst);
        }
        let shown = format!("{options:?}");
        let aborts = run_program(options);
        let calls = THREADS * ROUNDS;
        assert_eq!(IRREVOCABLE.load(Ordering::SeqCst), calls, "{shown}");
        assert_eq!(BLOCKING.load(Ordering::SeqCst), calls / 8, "{shown}");
        assert!(TRANSACTIONAL.load(Ordering::SeqCst) >= calls, "{shown}");
        // Replays did happen, and they call transactional natives again.
        if forced {
            assert!(aborts > 100 && TRANSACTIONAL.load(Ordering::SeqCst) > calls, "{shown}");
        }
    }
}
