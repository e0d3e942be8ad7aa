//! The loop: fetch, match, do it. Fast paths of the commonest types are here, everything else is a call.
//!
//! `run` exists four times: `TX = false` is solo mode, without barriers; `TX = true` goes through the transaction; with
//! `TRACED` it tells of each instruction first (`tracing/`). All keep `Vm::base` and `Cx::stack.top` true from frame to
//! frame, and `Vm::pc` at every call out.
//!
//! - Holds: code is verified, so operands name registers, constants and sites that exist.
//! - A handler that opened a frame says so by its result; the frame is in `Vm::pushed`.

use taipan_objects::{
    cx::Cx,
    exc::Escape,
    heap::Kind,
    protocol::{BinaryOp, CompareOp, UnaryOp},
    types::range_iter,
    value::Value,
};

use crate::{
    code::{Instr, Op},
    txn::driver,
    vm::{
        cache::Cache,
        call,
        exec::{
            arith, attr, build, exceptions, functions, generators, imports, items, iteration,
            matching, names,
        },
        frame::{Book, Regs, flag},
        function,
        state::Vm,
        tracing, unwind,
    },
};

/// How the loop was left.
#[derive(Clone, Copy, Debug)]
pub enum Exit {
    /// The entry frame returned, or the generator it resumed finished, with this value.
    Done(Value),
    /// The generator that the entry frame is yielded this value.
    Yielded(Value),
    /// An exception or abort left the entry frame.
    Raised(Escape),
    /// Transactions or tracing were turned on or off: go on at `Vm::pc` in `Vm::base` with another loop.
    Switch,
}

/// Runs from `pc` in the frame `regs` until its entry frame is left.
#[expect(
    unused_assignments,
    reason = "a frame is entered whole even where the loop is left right after"
)]
#[inline(never)]
pub fn run<const TX: bool, const TRACED: bool>(cx: &mut Cx, pc: *const Instr, regs: Regs) -> Exit {
    let vm: *mut Vm = cx.vm.cast();
    let mut pc = pc;
    let mut regs = regs;
    let mut caches: *mut Cache;

    // Every `unsafe` block in the macros dereferences one of: `vm`, which outlives the loop and is only reached through
    // this pointer or, while a handler runs, through `state::vm`; `pc`, which points into verified code; `caches`, the
    // table that belongs to the running unit.
    macro_rules! vm {
        () => {
            // SAFETY: see above.
            unsafe { &mut *vm }
        };
    }
    macro_rules! entered {
        () => {{
            let code = regs.code();
            let known = vm!().tables.get(code);
            caches = if known.is_null() { vm!().tables.make(code) } else { known };
            vm!().base = regs;
            cx.stack.top = regs.above(code.n_regs as usize);
        }};
    }
    // Goes on in a frame that was there before.
    macro_rules! resume {
        ($frame:expr, $at:expr) => {{
            regs = $frame;
            pc = $at;
            entered!();
        }};
    }
    entered!();

    'faults: loop {
        let escape: Escape = 'run: loop {
            if TRACED {
                vm!().pc = pc.wrapping_add(1);
                match tracing::before(cx, regs, pc) {
                    Ok(tracing::Next::Go) => {}
                    Ok(tracing::Next::Jump(to)) => {
                        pc = to;
                        continue 'run;
                    }
                    Ok(tracing::Next::Plain) => {
                        vm!().pc = pc;
                        return Exit::Switch;
                    }
                    Err(escape) => {
                        pc = vm!().pc;
                        break 'run escape;
                    }
                }
            }
            // SAFETY: verified code ends in an instruction that does not fall through.
            let i: &Instr = unsafe { &*pc };
            pc = pc.wrapping_add(1);

            macro_rules! set {
                ($reg:expr, $v:expr) => {
                    regs.set($reg, $v)
                };
            }
            macro_rules! get {
                ($reg:expr) => {
                    regs.get($reg)
                };
            }
            macro_rules! jump {
                () => {
                    pc = pc.wrapping_offset(i.imm as isize)
                };
            }
            macro_rules! cache {
                () => {
                    // SAFETY: the verifier checked the site number against the unit's table.
                    unsafe { &mut *caches.add(i.imm as usize) }
                };
            }
            // After a call out: did it turn transactions on?
            macro_rules! check_mode {
                () => {
                    if TX {
                        // A blocking call has happened: its attempt must end here.
                        if vm!().budget < 0 && vm!().driver.after_effect {
                            poll!(0);
                        }
                    } else if !cx.is_solo() {
                        vm!().pc = pc;
                        return Exit::Switch;
                    }
                };
            }
            // Before an access that needs no call out: `-X stm-report` names its line.
            macro_rules! located {
                () => {
                    if TX {
                        vm!().pc = pc;
                    }
                };
            }
            // A call out whose value is wanted.
            macro_rules! out {
                ($call:expr) => {{
                    vm!().pc = pc;
                    match $call {
                        Ok(v) => v,
                        Err(escape) => break 'run escape,
                    }
                }};
            }
            // A frame was entered: the next instruction is its first one.
            macro_rules! note_entry {
                () => {
                    if TRACED {
                        vm!().tracing.last = tracing::Place::ENTRY;
                    }
                };
            }
            macro_rules! enter_pushed {
                () => {{
                    regs = vm!().pushed;
                    pc = vm!().pushed_pc;
                    entered!();
                    note_entry!();
                    poll!(8);
                }};
            }
            // A call out that ends the instruction.
            macro_rules! slow {
                ($call:expr) => {{
                    out!($call);
                    check_mode!();
                }};
            }
            // The same for handlers that may have opened a frame.
            macro_rules! step {
                ($call:expr) => {{
                    if out!($call) {
                        enter_pushed!();
                    }
                    check_mode!();
                }};
            }
            // The truth that a call out told, for a jump where it is `$sense`.
            macro_rules! told {
                ($call:expr, $sense:expr) => {{
                    let holds = out!($call);
                    if !TX && !cx.is_solo() {
                        vm!().pc =
                            if holds == $sense { pc.wrapping_offset(i.imm as isize) } else { pc };
                        return Exit::Switch;
                    }
                    holds
                }};
            }
            // A frame was left, and then something failed: it did so in the frame that runs now.
            macro_rules! fail_outside {
                ($escape:expr) => {{
                    resume!(vm!().base, vm!().pc);
                    break 'run $escape;
                }};
            }
            macro_rules! poll {
                ($cost:expr) => {{
                    let vm = vm!();
                    vm.budget -= $cost;
                    if vm.budget < 0 {
                        vm.pc = pc;
                        match driver::poll(cx) {
                            Ok(false) => {}
                            Ok(true) => return Exit::Switch,
                            Err(escape) => break 'run escape,
                        }
                    }
                }};
            }
            macro_rules! jump_back {
                () => {{
                    jump!();
                    let vm = vm!();
                    vm.budget += i.imm as i64;
                    if vm.budget < 0 {
                        vm.pc = pc;
                        match driver::poll(cx) {
                            Ok(false) => {}
                            Ok(true) => return Exit::Switch,
                            Err(escape) => {
                                // What was interrupted is the jump, not what stands before the loop.
                                pc = pc.wrapping_offset(-(i.imm as isize));
                                break 'run escape;
                            }
                        }
                    }
                }};
            }
            macro_rules! arith {
                ($small:ident, $float:tt, $op:ident) => {{
                    let (x, y) = (get!(i.b), get!(i.c));
                    if both_small(x, y) && let Some(v) = x.$small(y) {
                        set!(i.a, v);
                    } else if x.is_float() && y.is_float() {
                        set!(i.a, Value::float(x.as_float() $float y.as_float()));
                    } else {
                        step!(arith::binary(cx, regs, i, BinaryOp::$op));
                    }
                }};
            }
            macro_rules! arith_i {
                ($small:ident, $float:tt, $op:ident) => {{
                    let x = get!(i.b);
                    let y = Value::small(i.imm as i64);
                    if x.is_small() && let Some(v) = x.$small(y) {
                        set!(i.a, v);
                    } else if x.is_float() {
                        set!(i.a, Value::float(x.as_float() $float i.imm as f64));
                    } else {
                        step!(arith::binary_int(cx, regs, i, BinaryOp::$op));
                    }
                }};
            }
            macro_rules! bits {
                ($sym:tt, $op:ident) => {{
                    let (x, y) = (get!(i.b), get!(i.c));
                    if both_small(x, y) {
                        set!(i.a, Value::small(x.as_small() $sym y.as_small()));
                    } else {
                        step!(arith::binary(cx, regs, i, BinaryOp::$op));
                    }
                }};
            }
            macro_rules! compare {
                ($sym:tt, $op:ident) => {{
                    let (x, y) = (get!(i.b), get!(i.c));
                    if both_small(x, y) {
                        set!(i.a, Value::bool(x.as_small() $sym y.as_small()));
                    } else if x.is_float() && y.is_float() {
                        set!(i.a, Value::bool(x.as_float() $sym y.as_float()));
                    } else {
                        step!(arith::compare(cx, regs, i, CompareOp::$op));
                    }
                }};
            }
            macro_rules! test {
                ($sym:tt, $op:ident, $jump:ident) => {{
                    let (x, y) = (get!(i.a), get!(i.b));
                    let holds = if both_small(x, y) {
                        x.as_small() $sym y.as_small()
                    } else if x.is_float() && y.is_float() {
                        x.as_float() $sym y.as_float()
                    } else {
                        told!(arith::test(cx, x, y, CompareOp::$op), i.c != 0)
                    };
                    if holds == (i.c != 0) {
                        $jump!();
                    }
                }};
            }
            macro_rules! test_i {
                ($sym:tt, $op:ident, $jump:ident) => {{
                    let (x, y) = (get!(i.a), i.b as i8);
                    let holds = if x.is_small() {
                        x.as_small() $sym y as i64
                    } else if x.is_float() {
                        x.as_float() $sym y as f64
                    } else {
                        told!(arith::test(cx, x, Value::small(y as i64), CompareOp::$op), i.c != 0)
                    };
                    if holds == (i.c != 0) {
                        $jump!();
                    }
                }};
            }
            macro_rules! jump_truth {
                ($sense:expr, $jump:ident) => {{
                    let v = get!(i.a);
                    let truth = if v == Value::TRUE {
                        true
                    } else if v == Value::FALSE || v.is_none() {
                        false
                    } else if v.is_small() {
                        v.as_small() != 0
                    } else {
                        told!(arith::truth(cx, v), $sense)
                    };
                    if truth == $sense {
                        $jump!();
                    }
                }};
            }
            macro_rules! jump_in {
                ($jump:ident) => {{
                    let holds = told!(items::contains(cx, get!(i.b), get!(i.a)), i.c != 0);
                    if holds == (i.c != 0) {
                        $jump!();
                    }
                }};
            }
            // The next item of an iterator that runs no code; at its end the loop goes on behind this instruction.
            macro_rules! for_item {
                ($next:expr) => {{
                    let item = $next;
                    if item.is_bound() {
                        set!(i.a, item);
                        jump_back!();
                    }
                    continue 'run;
                }};
            }
            // Opens a plain Python frame: the callable is at header word -4 of `$base`, arguments are in place.
            macro_rules! plain_call {
                ($function:expr, $code:expr, $new:expr, $dst:expr) => {{
                    let (new, code): (Regs, &crate::vm::loaded::LoadedCode) = ($new, $code);
                    let top = new.above(code.n_regs as usize);
                    cx.depth += 1;
                    if cx.depth > cx.recursion_limit || top >= cx.stack.limit {
                        cx.depth -= 1;
                        vm!().pc = pc;
                        break 'run call::too_deep(cx);
                    }
                    new.open($function, code, pc, Book::new(0, $dst, new.distance_from(regs)));
                    for r in code.n_params..code.n_locals {
                        new.set(r as u8, Value::UNBOUND);
                    }
                    regs = new;
                    pc = code.instrs;
                    let known = vm!().tables.get(code);
                    caches = if known.is_null() { vm!().tables.make(code) } else { known };
                    vm!().base = regs;
                    cx.stack.top = top;
                    note_entry!();
                    poll!(8);
                }};
            }

            match i.op {
                Op::Nop => {}
                Op::Move => set!(i.a, get!(i.b)),
                Op::LoadConst => set!(i.a, regs.code().constant(i.imm)),
                Op::LoadInt => set!(i.a, Value::small(i.imm as i64)),
                Op::LoadNone => set!(i.a, Value::NONE),
                Op::LoadTrue => set!(i.a, Value::TRUE),
                Op::LoadFalse => set!(i.a, Value::FALSE),
                Op::LoadUnbound => set!(i.a, Value::UNBOUND),
                Op::CheckBound => {
                    if get!(i.a).is_unbound() {
                        vm!().pc = pc;
                        break 'run names::unbound_local(cx, regs.code().constant(i.imm));
                    }
                }
                Op::DelLocal => {
                    if get!(i.a).is_unbound() {
                        vm!().pc = pc;
                        break 'run names::unbound_local(cx, regs.code().constant(i.imm));
                    }
                    set!(i.a, Value::UNBOUND);
                }
                Op::MakeWide => slow!(names::make_wide(cx, regs, i)),
                Op::LoadWide => slow!(names::load_wide(cx, regs, i)),
                Op::StoreWide => slow!(names::store_wide(cx, regs, i)),
                Op::MakeCell => slow!(names::make_cell(cx, regs, i)),
                Op::CopyFree => names::copy_free(regs, i),
                Op::LoadFreeCell => names::load_free_cell(regs, i),
                Op::LoadDeref => {
                    let v = match get!(i.b).obj() {
                        Some(cell) => out!(cx.read_in::<TX>(cell, function::CELL_CONTENT)),
                        None => Value::UNBOUND,
                    };
                    if v.is_unbound() {
                        vm!().pc = pc;
                        break 'run names::empty_cell(cx, regs, i);
                    }
                    set!(i.a, v);
                }
                Op::StoreDeref => {
                    if let Some(cell) = get!(i.a).obj() {
                        let v = get!(i.b);
                        out!(cx.claim_in::<TX>(cell));
                        cx.write_in::<TX>(cell, function::CELL_CONTENT, v);
                    }
                }
                Op::DelDeref => slow!(names::del_deref(cx, regs, i)),
                Op::LoadDictOrDeref => slow!(names::load_dict_or_deref(cx, regs, i)),

                Op::LoadGlobal => {
                    let cache = cache!();
                    let globals = function::globals_word(regs);
                    located!();
                    let v = if cache.key == globals {
                        names::cached_global::<TX>(cx, cache)
                    } else {
                        Value::UNBOUND
                    };
                    if v.is_bound() {
                        set!(i.a, v);
                    } else {
                        slow!(names::load_global(cx, regs, i, cache));
                    }
                }
                Op::StoreGlobal => slow!(names::store_global(cx, regs, i, cache!())),
                Op::DelGlobal => slow!(names::del_global(cx, regs, i)),
                Op::LoadName => slow!(names::load_name(cx, regs, i, cache!())),
                Op::StoreName => slow!(names::store_name(cx, regs, i, cache!())),
                Op::DelName => slow!(names::del_name(cx, regs, i)),
                Op::LoadBuildClass => slow!(names::load_build_class(cx, regs, i)),
                Op::SetupAnnotations => slow!(names::setup_annotations(cx, regs, i)),

                Op::Add => arith!(small_add, +, Add),
                Op::Sub => arith!(small_sub, -, Sub),
                Op::Mul => arith!(small_mul, *, Mul),
                Op::TrueDiv => {
                    let (x, y) = (get!(i.b), get!(i.c));
                    if x.is_float() && y.is_float() && y.as_float() != 0.0 {
                        set!(i.a, Value::float(x.as_float() / y.as_float()));
                    } else {
                        step!(arith::true_div(cx, regs, i));
                    }
                }
                Op::FloorDiv => {
                    let (x, y) = (get!(i.b), get!(i.c));
                    if both_small(x, y) && y.as_small() > 0 {
                        set!(i.a, Value::small(floor_div(x.as_small(), y.as_small())));
                    } else {
                        step!(arith::binary(cx, regs, i, BinaryOp::FloorDiv));
                    }
                }
                Op::Mod => {
                    let (x, y) = (get!(i.b), get!(i.c));
                    if both_small(x, y) && y.as_small() > 0 {
                        set!(i.a, Value::small(floor_mod(x.as_small(), y.as_small())));
                    } else {
                        step!(arith::binary(cx, regs, i, BinaryOp::Mod));
                    }
                }
                Op::Pow => step!(arith::pow(cx, regs, i)),
                Op::MatMul => step!(arith::binary(cx, regs, i, BinaryOp::MatMul)),
                Op::Shl => step!(arith::shift_left(cx, regs, i)),
                Op::Shr => {
                    let (x, y) = (get!(i.b), get!(i.c));
                    if both_small(x, y) && y.as_small() >= 0 {
                        set!(i.a, Value::small(x.as_small() >> y.as_small().min(63)));
                    } else {
                        step!(arith::binary(cx, regs, i, BinaryOp::RShift));
                    }
                }
                Op::And => bits!(&, And),
                Op::Or => bits!(|, Or),
                Op::Xor => bits!(^, Xor),
                Op::AddI => arith_i!(small_add, +, Add),
                Op::SubI => arith_i!(small_sub, -, Sub),
                Op::MulI => arith_i!(small_mul, *, Mul),
                Op::FloorDivI => {
                    let x = get!(i.b);
                    if x.is_small() && i.imm > 0 {
                        set!(i.a, Value::small(floor_div(x.as_small(), i.imm as i64)));
                    } else {
                        step!(arith::binary_int(cx, regs, i, BinaryOp::FloorDiv));
                    }
                }
                Op::ModI => {
                    let x = get!(i.b);
                    if x.is_small() && i.imm > 0 {
                        set!(i.a, Value::small(floor_mod(x.as_small(), i.imm as i64)));
                    } else {
                        step!(arith::binary_int(cx, regs, i, BinaryOp::Mod));
                    }
                }
                Op::AndI => {
                    let x = get!(i.b);
                    if x.is_small() {
                        set!(i.a, Value::small(x.as_small() & i.imm as i64));
                    } else {
                        step!(arith::binary_int(cx, regs, i, BinaryOp::And));
                    }
                }
                Op::ShlI => {
                    let x = get!(i.b);
                    if x.is_small()
                        && let Some(v) = shifted(x.as_small(), i.imm)
                    {
                        set!(i.a, v);
                    } else {
                        step!(arith::binary_int(cx, regs, i, BinaryOp::LShift));
                    }
                }
                Op::ShrI => {
                    let x = get!(i.b);
                    if x.is_small() {
                        set!(i.a, Value::small(x.as_small() >> i.imm));
                    } else {
                        step!(arith::binary_int(cx, regs, i, BinaryOp::RShift));
                    }
                }
                Op::Neg => {
                    let x = get!(i.b);
                    if x.is_float() {
                        set!(i.a, Value::float(-x.as_float()));
                    } else {
                        slow!(arith::unary(cx, regs, i, UnaryOp::Neg));
                    }
                }
                Op::Pos => slow!(arith::unary(cx, regs, i, UnaryOp::Pos)),
                Op::Invert => slow!(arith::unary(cx, regs, i, UnaryOp::Invert)),
                Op::Not => {
                    let v = get!(i.b);
                    if v.is_bool() {
                        set!(i.a, Value::bool(v == Value::FALSE));
                    } else {
                        let truth = out!(arith::truth(cx, v));
                        set!(i.a, Value::bool(!truth));
                        check_mode!();
                    }
                }

                Op::Lt => compare!(<, Lt),
                Op::Le => compare!(<=, Le),
                Op::Eq => compare!(==, Eq),
                Op::Ne => compare!(!=, Ne),
                Op::Gt => compare!(>, Gt),
                Op::Ge => compare!(>=, Ge),
                Op::Is => set!(i.a, Value::bool(get!(i.b) == get!(i.c))),
                Op::IsNot => set!(i.a, Value::bool(get!(i.b) != get!(i.c))),
                Op::In => {
                    let holds = out!(items::contains(cx, get!(i.c), get!(i.b)));
                    set!(i.a, Value::bool(holds));
                    check_mode!();
                }
                Op::NotIn => {
                    let holds = out!(items::contains(cx, get!(i.c), get!(i.b)));
                    set!(i.a, Value::bool(!holds));
                    check_mode!();
                }

                Op::Jump => jump!(),
                Op::JumpBack => jump_back!(),
                Op::JumpIf => jump_truth!(true, jump),
                Op::JumpIfNot => jump_truth!(false, jump),
                Op::JumpIfNone => {
                    if get!(i.a).is_none() {
                        jump!();
                    }
                }
                Op::JumpIfNotNone => {
                    if !get!(i.a).is_none() {
                        jump!();
                    }
                }
                Op::JumpIs => {
                    if (get!(i.a) == get!(i.b)) == (i.c != 0) {
                        jump!();
                    }
                }
                Op::JumpIn => jump_in!(jump),
                Op::JumpLt => test!(<, Lt, jump),
                Op::JumpLe => test!(<=, Le, jump),
                Op::JumpEq => test!(==, Eq, jump),
                Op::JumpNe => test!(!=, Ne, jump),
                Op::JumpGt => test!(>, Gt, jump),
                Op::JumpGe => test!(>=, Ge, jump),
                Op::JumpLtI => test_i!(<, Lt, jump),
                Op::JumpLeI => test_i!(<=, Le, jump),
                Op::JumpEqI => test_i!(==, Eq, jump),
                Op::JumpNeI => test_i!(!=, Ne, jump),
                Op::JumpGtI => test_i!(>, Gt, jump),
                Op::JumpGeI => test_i!(>=, Ge, jump),
                Op::LoopIf => jump_truth!(true, jump_back),
                Op::LoopIfNot => jump_truth!(false, jump_back),
                Op::LoopIfNone => {
                    if get!(i.a).is_none() {
                        jump_back!();
                    }
                }
                Op::LoopIfNotNone => {
                    if !get!(i.a).is_none() {
                        jump_back!();
                    }
                }
                Op::LoopIs => {
                    if (get!(i.a) == get!(i.b)) == (i.c != 0) {
                        jump_back!();
                    }
                }
                Op::LoopIn => jump_in!(jump_back),
                Op::LoopLt => test!(<, Lt, jump_back),
                Op::LoopLe => test!(<=, Le, jump_back),
                Op::LoopEq => test!(==, Eq, jump_back),
                Op::LoopNe => test!(!=, Ne, jump_back),
                Op::LoopGt => test!(>, Gt, jump_back),
                Op::LoopGe => test!(>=, Ge, jump_back),
                Op::LoopLtI => test_i!(<, Lt, jump_back),
                Op::LoopLeI => test_i!(<=, Le, jump_back),
                Op::LoopEqI => test_i!(==, Eq, jump_back),
                Op::LoopNeI => test_i!(!=, Ne, jump_back),
                Op::LoopGtI => test_i!(>, Gt, jump_back),
                Op::LoopGeI => test_i!(>=, Ge, jump_back),

                Op::GetIter => step!(iteration::get_iter(cx, regs, i)),
                Op::ForIter => {
                    if let Some(o) = get!(i.b).obj() {
                        let meta = o.meta();
                        if meta == vm!().range_iter_meta {
                            let next = range_iter::quick_advance::<TX>(cx, o);
                            if TX && next.is_unbound() {
                                for_item!(out!(iteration::next_of_range(cx, o)));
                            }
                            for_item!(next);
                        } else if meta == vm!().list_iter_meta {
                            for_item!(out!(iteration::next_of_list::<TX>(cx, o)));
                        } else if meta == vm!().tuple_iter_meta {
                            for_item!(out!(iteration::next_of_tuple::<TX>(cx, o)));
                        } else if !TRACED && meta == vm!().generator_meta {
                            let (frame, at) =
                                generators::take_up::<TX>(cx, regs, i.a, o, pc, flag::FOR);
                            if !frame.is_null() {
                                resume!(frame, at);
                                poll!(8);
                                continue 'run;
                            }
                        }
                    }
                    let item = out!(iteration::next_item::<TX>(cx, regs, i));
                    if item.is_bound() {
                        set!(i.a, item);
                        jump_back!();
                    } else if !vm!().pushed.is_null() {
                        enter_pushed!();
                    }
                    check_mode!();
                }

                Op::LoadAttr => {
                    let cache = cache!();
                    located!();
                    let v = attr::cached_get::<TX>(cx, get!(i.b), cache);
                    if v.is_bound() {
                        set!(i.a, v);
                    } else {
                        step!(attr::load(cx, regs, i, cache));
                    }
                }
                Op::StoreAttr => {
                    let cache = cache!();
                    located!();
                    let stored = if TX {
                        attr::cached_set_logged(cx, get!(i.a), get!(i.b), cache)
                    } else {
                        attr::cached_set::<false>(cx, get!(i.a), get!(i.b), cache)
                    };
                    if !stored {
                        step!(attr::store(cx, regs, i, cache));
                    }
                }
                Op::DelAttr => slow!(attr::delete(cx, regs, i)),
                Op::LoadMethod => {
                    let cache = cache!();
                    let this = get!(i.b);
                    let f = attr::cached_method(cx, this, cache);
                    if f.is_bound() {
                        set!(i.a, f);
                        set!(i.a + 4, this);
                    } else {
                        step!(attr::load_method(cx, regs, i, cache));
                    }
                }
                Op::LoadSpecial => slow!(attr::load_special(cx, regs, i)),
                Op::LoadSuperAttr => slow!(attr::load_super(cx, regs, i)),
                Op::LoadSuperMethod => slow!(attr::load_super_method(cx, regs, i)),
                Op::LoadItem => {
                    located!();
                    let v = items::quick_get::<TX>(cx, get!(i.b), get!(i.c));
                    if v.is_bound() {
                        set!(i.a, v);
                    } else {
                        step!(items::load(cx, regs, i));
                    }
                }
                Op::LoadItemI => {
                    located!();
                    let v = items::quick_get::<TX>(cx, get!(i.b), Value::small(i.imm as i64));
                    if v.is_bound() {
                        set!(i.a, v);
                    } else {
                        step!(items::load_int(cx, regs, i));
                    }
                }
                Op::StoreItem => {
                    located!();
                    if !items::quick_set::<TX>(cx, get!(i.a), get!(i.b), get!(i.c)) {
                        slow!(items::store(cx, get!(i.a), get!(i.b), get!(i.c)));
                    }
                }
                Op::StoreItemI => {
                    slow!(items::store(cx, get!(i.a), Value::small(i.imm as i64), get!(i.b)))
                }
                Op::DelItem => slow!(items::delete(cx, get!(i.a), get!(i.b))),
                Op::LoadSlice => slow!(items::load_slice(cx, regs, i)),
                Op::StoreSlice => slow!(items::store_slice(cx, regs, i)),

                Op::Call => {
                    let f = get!(i.b);
                    if let Some(o) = f.obj() {
                        let meta = o.meta();
                        if meta == vm!().function_meta {
                            let code = function::code(o);
                            if code.plain_args == i.c as u32 {
                                plain_call!(f, code, Regs::at(regs.above(i.b as usize + 4)), i.a);
                                continue 'run;
                            }
                        } else if meta == vm!().native_meta {
                            let v = out!(call::native_function(cx, o, regs, i));
                            if v.is_bound() {
                                set!(i.a, v);
                                check_mode!();
                                continue 'run;
                            }
                        }
                    }
                    step!(call::call(cx, regs, i, cache!()));
                }
                Op::CallKw => step!(call::call_kw(cx, regs, i)),
                Op::CallEx => step!(call::call_ex(cx, regs, i)),
                Op::CallMethod => {
                    let f = get!(i.b);
                    let this = get!(i.b + 4);
                    if let Some(o) = f.obj() {
                        if o.meta() == vm!().function_meta {
                            let code = function::code(o);
                            if this.is_bound() {
                                if code.plain_args == i.c as u32 + 1 {
                                    plain_call!(
                                        f,
                                        code,
                                        Regs::at(regs.above(i.b as usize + 4)),
                                        i.a
                                    );
                                    continue 'run;
                                }
                            } else if code.plain_args == i.c as u32 {
                                plain_call!(f, code, Regs::at(regs.above(i.b as usize + 5)), i.a);
                                continue 'run;
                            }
                        } else if this.is_bound() && o.kind() == Kind::Native {
                            let v = out!(call::native_method(
                                cx,
                                o,
                                regs.window(i.b + 4, i.c as usize + 1)
                            ));
                            if v.is_bound() {
                                set!(i.a, v);
                                check_mode!();
                                continue 'run;
                            }
                        }
                    }
                    step!(call::call_method(cx, regs, i, cache!()));
                }
                Op::CallMethodKw => step!(call::call_method_kw(cx, regs, i)),
                Op::Return => {
                    let v = get!(i.a);
                    let book = regs.book();
                    if book.flags() == 0 {
                        let caller = Regs::at(regs.address().wrapping_sub(book.distance()));
                        if TX && caller < vm!().low_water {
                            driver::save_caller(cx, caller);
                        }
                        pc = regs.return_pc();
                        regs = caller;
                        cx.depth -= 1;
                        set!(book.dst(), v);
                        entered!();
                    } else if book.flags() == flag::INIT && v.is_none() {
                        let caller = Regs::at(regs.address().wrapping_sub(book.distance()));
                        if TX && caller < vm!().low_water {
                            driver::save_caller(cx, caller);
                        }
                        let made = regs.extra();
                        pc = regs.return_pc();
                        regs = caller;
                        cx.depth -= 1;
                        set!(book.dst(), made);
                        entered!();
                    } else {
                        vm!().pc = pc;
                        match call::leave(cx, regs, v) {
                            Ok(Some((caller, at))) => resume!(caller, at),
                            Ok(None) => return Exit::Done(v),
                            Err(escape) => fail_outside!(escape),
                        }
                    }
                }
                Op::GenReturn => {
                    vm!().pc = pc;
                    let v = get!(i.a);
                    let delegated = TRACED && generators::stops_visibly(regs, v);
                    match generators::finish(cx, regs, v) {
                        Ok(Some((caller, at))) => {
                            resume!(caller, at);
                            if delegated {
                                out!(tracing::stopped(cx, regs, pc, v));
                            }
                        }
                        Ok(None) => return Exit::Done(v),
                        Err(escape) => fail_outside!(escape),
                    }
                }
                Op::StartGen => {
                    vm!().pc = pc;
                    match generators::start(cx, regs, pc) {
                        Ok(Ok((caller, at))) => resume!(caller, at),
                        Ok(Err(made)) => return Exit::Done(made),
                        Err(escape) => fail_outside!(escape),
                    }
                }
                Op::Yield | Op::AsyncYield => {
                    let v = get!(i.b);
                    if !TRACED && i.op == Op::Yield {
                        match generators::put_away::<TX>(cx, regs, pc, v) {
                            generators::Away::Resumer(caller, at) => {
                                resume!(caller, at);
                                continue 'run;
                            }
                            generators::Away::Left(frame, at) => {
                                regs = frame;
                                pc = at;
                            }
                        }
                    }
                    vm!().pc = pc;
                    match generators::suspend(cx, regs, pc, v, i.op == Op::AsyncYield) {
                        Ok(generators::Suspended::Resumer(caller, at)) => {
                            resume!(caller, at);
                            // A `for` loop's edge.
                            poll!(8);
                        }
                        Ok(generators::Suspended::Exit(v)) => return Exit::Yielded(v),
                        Err(escape) => break 'run escape,
                    }
                }
                Op::Delegate => {
                    if !TRACED
                        && let Some(o) = get!(i.b).obj()
                        && (o.meta() == vm!().generator_meta || o.meta() == vm!().coroutine_meta)
                        && get!(i.c).is_none()
                    {
                        let (frame, at) =
                            generators::take_up::<TX>(cx, regs, i.a, o, pc, flag::DELEGATE);
                        if !frame.is_null() {
                            resume!(frame, at);
                            poll!(8);
                            continue 'run;
                        }
                    }
                    let step = out!(generators::delegate(cx, regs, i, pc));
                    match step {
                        generators::Delegated::Finished(v) => {
                            set!(i.a, v);
                            if TRACED {
                                out!(tracing::stopped(cx, regs, pc, v));
                            }
                        }
                        generators::Delegated::Entered => enter_pushed!(),
                        generators::Delegated::Yielded(v) => {
                            if TRACED {
                                out!(tracing::yields(cx, regs, v));
                            }
                            // Suspended at this very instruction.
                            match generators::suspend(cx, regs, pc.wrapping_sub(1), v, false) {
                                Ok(generators::Suspended::Resumer(caller, at)) => {
                                    resume!(caller, at);
                                    poll!(8);
                                }
                                Ok(generators::Suspended::Exit(v)) => return Exit::Yielded(v),
                                Err(escape) => break 'run escape,
                            }
                        }
                    }
                    check_mode!();
                }
                Op::GetYieldFromIter => slow!(generators::yield_from_iter(cx, regs, i)),
                Op::GetAwaitable => slow!(generators::awaitable(cx, regs, i)),
                Op::GetAIter => slow!(generators::async_iter(cx, regs, i)),
                Op::GetANext => slow!(generators::async_next(cx, regs, i)),
                Op::EndAsyncFor => {
                    if out!(exceptions::is_stop_async(cx, get!(i.a))) {
                        jump!();
                    } else {
                        vm!().pc = pc;
                        break 'run exceptions::reraise(cx, get!(i.a));
                    }
                }

                Op::BuildTuple => slow!(build::tuple(cx, regs, i)),
                Op::BuildList => slow!(build::list(cx, regs, i)),
                Op::BuildSet => slow!(build::set(cx, regs, i)),
                Op::BuildMap => slow!(build::map(cx, regs, i)),
                Op::BuildSlice => slow!(build::slice(cx, regs, i)),
                Op::BuildString => slow!(build::string(cx, regs, i)),
                Op::ListAppend => slow!(build::list_append(cx, get!(i.a), get!(i.b))),
                Op::ListExtend => slow!(build::list_extend(cx, regs, i)),
                Op::ListToTuple => slow!(build::list_to_tuple(cx, regs, i)),
                Op::SetAdd => slow!(build::set_add(cx, regs, i)),
                Op::SetUpdate => slow!(build::set_update(cx, regs, i)),
                Op::MapAdd => slow!(build::map_add(cx, regs, i)),
                Op::DictUpdate => slow!(build::dict_update(cx, regs, i)),
                Op::DictMerge => slow!(build::dict_merge(cx, regs, i)),
                Op::FormatSimple => slow!(build::format_simple(cx, regs, i)),
                Op::FormatSpec => slow!(build::format_spec(cx, regs, i)),
                Op::Convert => slow!(build::convert(cx, regs, i)),
                Op::BuildInterpolation => slow!(build::interpolation(cx, regs, i)),
                Op::BuildTemplate => slow!(build::template(cx, regs, i)),

                Op::Unpack => slow!(iteration::unpack(cx, regs, i)),
                Op::UnpackStar => slow!(iteration::unpack_star(cx, regs, i)),
                Op::UnpackTuple => slow!(iteration::unpack_tuple(cx, regs, i)),
                Op::UnpackStarTuple => slow!(iteration::unpack_star_tuple(cx, regs, i)),

                Op::MakeFunction => slow!(functions::make(cx, regs, i)),
                Op::ImportName => step!(imports::import_name(cx, regs, i)),
                Op::ImportFrom => slow!(imports::import_from(cx, regs, i)),
                Op::ImportStar => slow!(imports::import_star(cx, regs, i)),

                Op::PushExc => exceptions::push(cx, regs, i),
                Op::PopExc => exceptions::pop(cx, regs, i),
                Op::JumpIfNoMatch => {
                    if !out!(exceptions::matches(cx, get!(i.a), get!(i.b))) {
                        jump!();
                    }
                }
                Op::SplitGroup => slow!(exceptions::split_group(cx, regs, i)),
                Op::PrepReraiseStar => slow!(exceptions::prep_reraise_star(cx, regs, i)),
                Op::Raise => {
                    vm!().pc = pc;
                    break 'run exceptions::raise(cx, get!(i.a));
                }
                Op::RaiseFrom => {
                    vm!().pc = pc;
                    break 'run exceptions::raise_from(cx, get!(i.a), get!(i.b));
                }
                Op::RaiseCurrent => {
                    vm!().pc = pc;
                    break 'run exceptions::raise_current(cx);
                }
                Op::Reraise => {
                    vm!().pc = pc;
                    break 'run exceptions::reraise(cx, get!(i.a));
                }
                Op::ExcInfo => slow!(exceptions::exc_info(cx, regs, i)),
                Op::LoadAssertionError => exceptions::load_assertion_error(cx, regs, i),

                Op::GetLen => slow!(matching::get_len(cx, regs, i)),
                Op::MatchSequence => matching::is_sequence(cx, regs, i),
                Op::MatchMapping => matching::is_mapping(cx, regs, i),
                Op::MatchKeys => slow!(matching::keys(cx, regs, i)),
                Op::MatchClass => slow!(matching::class(cx, regs, i)),
                Op::MatchRest => slow!(matching::rest(cx, regs, i)),

                Op::Intrinsic => slow!(functions::intrinsic(cx, regs, i)),
            }
        };

        // An exception or an abort.
        match unwind::fault(cx, regs, pc, escape) {
            unwind::Landing::At(frame, at) => {
                resume!(frame, at);
                // An abort may have taken back that tracing was turned off.
                if TX == cx.is_solo() || !TRACED && vm!().tracing.mode != 0 {
                    vm!().pc = pc;
                    return Exit::Switch;
                }
                continue 'faults;
            }
            unwind::Landing::Leave(exit) => return exit,
        }
    }
}

#[inline(always)]
fn both_small(x: Value, y: Value) -> bool {
    Value::from_bits(x.bits() & y.bits()).is_small()
}

#[inline(always)]
fn floor_div(x: i64, y: i64) -> i64 {
    if (x | y) >> 31 == 0 { i64::from(x as u32 / y as u32) } else { x.div_euclid(y) }
}

#[inline(always)]
fn floor_mod(x: i64, y: i64) -> i64 {
    if (x | y) >> 31 == 0 { i64::from(x as u32 % y as u32) } else { x.rem_euclid(y) }
}

#[inline(always)]
fn shifted(x: i64, by: i32) -> Option<Value> {
    if by < 50 && x.unsigned_abs() < 1 << (50 - by) { Some(Value::small(x << by)) } else { None }
}
