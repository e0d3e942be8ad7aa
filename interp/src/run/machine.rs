//! The interpreter in a world, and in each of its threads: made, shown to the collector, taken apart.

use taipan_objects::{
    Completion, Cx, Escape, Settings, T, TypeDef, Upcalls, Value, World, class, exc::raise_message,
    heap::Marker, types::dict,
};

use crate::{
    builtins, import, modules, os, report,
    txn::{
        conflicts::Witness,
        driver::{self, Driver},
        options::Options,
    },
    vm::{
        async_generator,
        cache::Tables,
        code_object, enter,
        frame::Regs,
        frame_locals, frame_object, function, generator, module,
        shared::Shared,
        state::{self, Vm, vm, vm_ref},
        traceback,
        tracing::Tracing,
    },
};

/// Classes of the machine: their layouts exist already, their methods are here.
const CLASSES: &[(T, &TypeDef)] = &[
    (T::function, &function::FUNCTION),
    (T::cell, &function::CELL),
    (T::module, &module::MODULE),
    (T::code, &code_object::CODE),
    (T::frame, &frame_object::FRAME),
    (T::traceback, &traceback::TRACEBACK),
    (T::generator, &generator::GENERATOR),
    (T::coroutine, &generator::COROUTINE),
    (T::async_generator, &async_generator::ASYNC_GENERATOR),
];

/// Makes a world with an interpreter in it.
///
/// # Errors
/// A text for the user when memory cannot be had.
pub fn start(settings: Settings, options: Options) -> Result<Box<Cx>, String> {
    let mut cx = World::create(settings).map_err(|e| e.to_string())?;
    let shared: &'static Shared = Box::leak(Box::new(Shared::new(options)));
    cx.world.set_upcalls(Upcalls {
        call_function: enter::call_function,
        safepoint: driver::safepoint,
        irrevocable: driver::irrevocable,
        take_token: driver::take_token,
        blocking: driver::blocking,
        import: import::import_module,
        trace_thread,
        current_module: frame_object::current_module,
        super_arguments: frame_object::super_arguments,
        generator_needs_end: generator::needs_end,
        unmake_generator: generator::unmake,
    });
    attach(&mut cx, shared);
    match set_up(&mut cx) {
        Ok(()) => Ok(cx),
        Err(escape) => Err(report_text(&mut cx, escape)),
    }
}

/// Gives a thread's context its machine.
pub fn attach(cx: &mut Cx, shared: &'static Shared) {
    let shape = class::root_shape(cx.class(T::function));
    let shake = shared.options.shake.map(|seed| seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let machine = Box::new(Vm {
        budget: 0,
        pc: std::ptr::null(),
        base: Regs::NULL,
        tables: Tables::default(),
        pushed: Regs::NULL,
        pushed_pc: std::ptr::null(),
        low_water: Regs::NULL,
        function_meta: shape.meta(),
        list_meta: class::root_shape(cx.class(T::list)).meta(),
        dict_meta: class::root_shape(cx.class(T::dict)).meta(),
        native_meta: class::root_shape(cx.class(T::builtin_function_or_method)).meta(),
        range_iter_meta: class::root_shape(cx.class(T::range_iterator)).meta(),
        list_iter_meta: class::root_shape(cx.class(T::list_iterator)).meta(),
        generator_meta: class::root_shape(cx.class(T::generator)).meta(),
        coroutine_meta: class::root_shape(cx.class(T::coroutine)).meta(),
        tuple_iter_meta: class::root_shape(cx.class(T::tuple_iterator)).meta(),
        driver: Driver::new(shake),
        shared,
        frame_objects: Vec::new(),
        tracing: Tracing::new(&shared.trace_everywhere),
        current_exception: Value::UNBOUND,
    });
    cx.vm = Box::into_raw(machine).cast();
    if let Some(conflicts) = &shared.conflicts {
        let witness = Witness::new(conflicts.clone(), cx.tx.slot_number());
        vm(cx).driver.witness = Some(Box::new(witness));
        state::watch_accesses(cx);
    }
    cx.hurry = |cx| vm(cx).budget = vm(cx).budget.min(0);
    // Values may lie in any frame of this thread, also in those of callers of this function.
    cx.native_base = os::stack_top(cx.native_base);
    let stack = os::stack_bytes();
    cx.native_floor = cx.native_base.saturating_sub(stack.saturating_sub(256 * 1024));
}

fn trace_thread(cx: &Cx, marker: &mut Marker<'_>) {
    if cx.vm.is_null() {
        return;
    }
    let machine = vm_ref(cx);
    machine.driver.checkpoint.trace(marker);
    for &(_, o) in &machine.frame_objects {
        marker.object(o);
    }
    marker.value(machine.current_exception);
    let shared = machine.shared;
    shared.threads.trace(marker);
    shared.trace_everywhere.trace(marker);
    shared.monitor.trace(marker);
    shared.audit.trace(marker);
    marker.object(shared.builtins());
    marker.object(shared.sys());
    marker.object(shared.modules());
    state::flush_caches(cx);
}

fn set_up(cx: &mut Cx) -> Completion<()> {
    for &(t, def) in CLASSES {
        let class = cx.class(t);
        class::fill(cx, class, def)?;
        class::refresh(cx, class);
    }
    for (t, bit) in [
        (T::list, class::flag::SEQUENCE),
        (T::tuple, class::flag::SEQUENCE),
        (T::range, class::flag::SEQUENCE),
        (T::memoryview, class::flag::SEQUENCE),
        (T::dict, class::flag::MAPPING),
        (T::mappingproxy, class::flag::MAPPING),
    ] {
        let class = cx.class(t);
        class.init(class::slot::FLAGS, Value::small(class::flags(class) | bit));
    }
    let proxy = cx.type_for(&frame_locals::PROXY)?;
    proxy.init(class::slot::FLAGS, Value::small(class::flags(proxy) | class::flag::MAPPING));
    let modules_dict = dict::new(cx)?;
    let builtins = modules::make(cx, &builtins::MODULE)?;
    let sys = modules::make(cx, &modules::sys::MODULE)?;
    let (Some(builtins_dict), Some(sys_dict)) =
        (modules::namespace(builtins), modules::namespace(sys))
    else {
        return Err(raise_message(cx, T::SystemError, "modules without namespaces"));
    };
    vm(cx).shared.set_dicts(builtins_dict, sys_dict, modules_dict);
    for (name, m) in [("builtins", builtins), ("sys", sys)] {
        let name = cx.intern(name)?;
        dict::set_item(cx, modules_dict, name, m.into())?;
    }
    modules::set(cx, sys, "modules", modules_dict.into())?;
    if vm_ref(cx).shared.options.always {
        // Transactions from the first instruction on.
        cx.set_solo(false);
    }
    Ok(())
}

/// A traceback as text, in the simplest form: for failures before the interpreter is complete.
fn report_text(cx: &mut Cx, escape: Escape) -> String {
    let Some(e) = escape.exception() else { return "the attempt was aborted\n".to_owned() };
    match report::text(cx, e) {
        Ok(text) => text,
        Err(_) => format!("{}\n", class::name(e.class())),
    }
}

/// Takes the machine of an ending thread apart.
pub fn detach(cx: &mut Cx) {
    state::free(cx);
}
