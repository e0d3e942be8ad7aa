//! Collections as a whole: stopping the world, roots, weak references, finalizers.
//!
//! Weak reference objects (`Kind::Record`) keep their target in slot [`WEAK_TARGET`] as a foreign word, which the collector
//! does not follow, and their callback in [`WEAK_CALLBACK`].

use std::{mem::MaybeUninit, time::Instant};

use taipan_stm::LogEntry;

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Marker, Obj},
    names::Special,
    native::GetSetDef,
    types::T,
    value::Value,
};

/// Slot of a weak reference's target: `Value::foreign` of the object, or unbound once it died. Not the slot in which
/// the collector looks for Rust data.
pub const WEAK_TARGET: usize = 3;
/// Words of a generator: the collector looks for dead ones among the cells of this size, so that making one costs nothing.
pub const GENERATOR_WORDS: u16 = 12;
/// Slot of a weak reference's callback, or unbound.
pub const WEAK_CALLBACK: usize = 4;

/// `__weakref__` of instances of classes that allow weak references.
pub const WEAKREF_GETSET: GetSetDef = GetSetDef {
    name: "__weakref__",
    get: |cx, v| Ok(cx.world.weak_refs_to(v).first().map_or(Value::NONE, |&r| r.into())),
    set: None,
    doc: "list of weak references to the object",
};

/// Runs `f` while no other thread runs. Must not be called inside a bracket.
pub fn stop_the_world<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> R) -> R {
    spill(cx, |cx| {
        let this: *mut Cx = cx;
        // SAFETY: `thread` is used through a shared reference that `f` cannot invalidate: nothing reassigns it.
        let thread = unsafe { &(*this).thread };
        thread.stop_the_world(|| f(cx))
    })
}

/// Runs `f` while no other thread runs and no other attempt is under way, and none will be before the running one, which is
/// irrevocable, has ended: so nobody sees both sides of what `f` changes without a barrier.
pub fn alone<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> R) -> R {
    let seclusion = cx.tx.seclude();
    seclusion.run(cx, |cx, look| stop_the_world(cx, |cx| look(cx)), f)
}

/// Stops here if another thread wants the world stopped.
#[inline(always)]
pub fn poll(cx: &mut Cx) {
    if cx.thread.is_requested() {
        stop(cx);
    }
}

#[cold]
#[inline(never)]
fn stop(cx: &mut Cx) {
    spill(cx, |cx| cx.thread.stop());
}

/// Runs `f` with this thread counted as stopped: for natives that block. `f` must not touch Python objects.
pub fn blocking<R>(cx: &mut Cx, f: impl FnOnce() -> R) -> R {
    spill(cx, |cx| {
        cx.thread.enter_blocking();
        let result = f();
        cx.thread.leave_blocking();
        result
    })
}

/// Around waits inside the transaction protocol: the thread counts as stopped. `context` is the thread's `Cx`.
pub(crate) fn on_block(context: *mut (), wait: &mut dyn FnMut()) {
    let cx = context.cast::<Cx>();
    // Zeroed: what lies there from earlier calls must not keep objects alive.
    let mut registers = MaybeUninit::<libc::ucontext_t>::zeroed();
    // SAFETY: `getcontext` only fills the structure in.
    unsafe { libc::getcontext(registers.as_mut_ptr()) };
    // SAFETY: the context outlives its transaction handle, whose method is waiting on this thread; only fields
    // beside that handle are touched, through raw pointers.
    let (native_sp, thread) = unsafe { (&raw mut (*cx).native_sp, &(*cx).thread) };
    // SAFETY: as above; nothing else uses the field while this thread is here.
    let outer = unsafe { native_sp.replace(registers.as_ptr() as usize) };
    thread.enter_blocking();
    wait();
    thread.leave_blocking();
    // SAFETY: as above.
    unsafe { native_sp.write(outer) };
    std::hint::black_box(&registers);
}

/// Puts callee-saved registers on the stack and records how far it reaches, for the conservative scan.
#[inline(never)]
fn spill<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> R) -> R {
    // Zeroed: what lies there from earlier calls must not keep objects alive.
    let mut registers = MaybeUninit::<libc::ucontext_t>::zeroed();
    // SAFETY: `getcontext` only fills the structure in.
    unsafe { libc::getcontext(registers.as_mut_ptr()) };
    let outer = cx.native_sp;
    cx.native_sp = registers.as_ptr() as usize;
    let result = f(cx);
    cx.native_sp = outer;
    std::hint::black_box(&registers);
    result
}

/// Runs `f` as what is lowest on the native stack but for its caller, whose values [`collect_without_native_stack`] marks.
pub fn as_lowest<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> R) -> R {
    spill(cx, |cx| {
        let outer = std::mem::replace(&mut cx.native_lowest, cx.native_sp);
        let result = f(cx);
        cx.native_lowest = outer;
        result
    })
}

/// Collects all garbage now. Returns the number of live bytes.
pub fn collect(cx: &mut Cx) -> usize {
    collect_as(cx, true)
}

/// Collects garbage; unless `is_whole`, what has tenure may stay (`heap/tenure.rs`).
pub(crate) fn collect_as(cx: &mut Cx, is_whole: bool) -> usize {
    let epoch = cx.world.type_epoch();
    stop_the_world(cx, |cx| {
        let start = Instant::now();
        let world = cx.world;
        let mut marker = world.heap.begin_collection(is_whole);
        let threads = world.threads.lock();
        for thread in threads.iter() {
            // SAFETY: the world is stopped, so no thread uses its context; contexts leave the list before they are freed.
            let other = unsafe { &mut *thread.0 };
            other.local.flush();
            other.flush_methods(epoch);
            thread_roots(other, &mut marker);
        }
        let n_threads = threads.len();
        drop(threads);
        world_roots(cx, &mut marker);
        marker.drain();
        // References go before finalizers run, so that those cannot get at what is about to die.
        clear_weak_refs(cx, &mut marker);
        marker.drain();
        finalizers(cx, &mut marker);
        // Those that only a finalizer can reach.
        clear_weak_refs(cx, &mut marker);
        marker.drain();
        forget_weak_refs(cx, &marker);
        forget_notes(cx, &marker);
        let live = world.heap.end_collection(n_threads);
        world.heap.note_pause(start.elapsed());
        live
    })
}

/// As [`collect`], for a thread whose native stack holds nothing that its register stack does not hold, too, since the
/// lowest loop was entered: what is left on it from earlier calls keeps nothing alive.
pub fn collect_without_native_stack(cx: &mut Cx) -> usize {
    cx.ignores_native_stack = true;
    let live = collect(cx);
    cx.ignores_native_stack = false;
    live
}

/// Collects if enough was allocated since the last time, and calls waiting finalizers.
///
/// # Errors
/// The attempt's abort; exceptions of finalizers are reported, not passed on.
pub fn safepoint(cx: &mut Cx) -> Completion<()> {
    poll(cx);
    if cx.world.heap.collection_wanted() && cx.world.gc_enabled() {
        collect_as(cx, false);
    }
    Ok(())
}

fn thread_roots(cx: &Cx, marker: &mut Marker<'_>) {
    // SAFETY: the thread is stopped; its register stack is mapped up to `top`, its native stack from the recorded
    // stack pointer up to its base.
    unsafe {
        marker.range(cx.stack.base as usize, cx.stack.top as usize);
        let from = if cx.ignores_native_stack { cx.native_lowest } else { cx.native_sp };
        if from != 0 {
            marker.range(from, cx.native_base);
        }
    }
    marker.value(cx.handled);
    for &v in cx.thread_slots.iter().chain(cx.beside.slots.iter().map(|(_, v)| v)) {
        marker.value(v);
    }
    for &o in &cx.repr_stack {
        marker.object(o);
    }
    let needs_end = cx.world.generator_needs_end();
    cx.beside.fresh.iter().for_each(|mortal| mortal.trace(marker, needs_end));
    cx.tx.for_each_logged(|entry| match entry {
        LogEntry::Read(address) | LogEntry::Owned(address) | LogEntry::Wait(address) => {
            marker.word(address as u64)
        }
        LogEntry::Undo(address, old) => {
            marker.word(address as u64);
            marker.word(old);
        }
    });
    (cx.world.trace_thread())(cx, marker);
}

fn world_roots(cx: &Cx, marker: &mut Marker<'_>) {
    let world = cx.world;
    for &v in world.pinned.lock().iter() {
        marker.value(v);
    }
    world.for_each_pending(|v| marker.value(v));
    for &o in world.interned.lock().iter() {
        marker.object(o);
    }
    for &(_, class) in world.made_types.lock().iter() {
        marker.object(class);
    }
}

/// Objects with `__del__` and unfinished generators that died: kept for one more round and handed to the next safepoint.
fn finalizers(cx: &Cx, marker: &mut Marker<'_>) {
    let world = cx.world;
    let mut dead = Vec::new();
    world.finalizable.lock().retain(|&o| {
        let alive = marker.is_marked(o);
        if !alive {
            dead.push(o);
        }
        alive
    });
    let needs_end = world.generator_needs_end();
    let mut exempt = world.exempt_generators.lock();
    world.heap.for_each_dead(GENERATOR_WORDS, |o| {
        if o.kind() == Kind::Generator && needs_end(o) && !exempt.contains(&o) {
            dead.push(o);
        }
    });
    exempt.retain(|&o| marker.is_marked(o));
    drop(exempt);
    for &o in &dead {
        marker.object(o);
    }
    marker.drain();
    world.add_pending(dead.into_iter().map(Value::from));
}

/// Forgets what running attempts have made that is dead and had nothing to do, and what may be dead in the threads' notes.
fn forget_notes(cx: &Cx, marker: &Marker<'_>) {
    for thread in cx.world.threads.lock().iter() {
        // SAFETY: as in `collect`.
        let other = unsafe { &mut *thread.0 };
        other.beside.forget_dead(marker);
        other.tx.take_contended();
    }
}

/// Clears live references to dead objects and notes their callbacks.
fn clear_weak_refs(cx: &Cx, marker: &mut Marker<'_>) {
    let world = cx.world;
    let mut callbacks = Vec::new();
    world.weak_refs.lock().retain(|&r| {
        let target = r.raw(WEAK_TARGET);
        let Some(o) = Value::from_bits(target.foreign_address() as u64).obj() else { return false };
        if marker.is_marked(o) || !marker.is_marked(r) {
            return true;
        }
        r.init(WEAK_TARGET, Value::UNBOUND);
        let callback = r.raw(WEAK_CALLBACK);
        if callback.is_bound() && !callback.is_none() {
            callbacks.push(Value::from(r));
        }
        false
    });
    for &r in &callbacks {
        marker.value(r);
    }
    world.add_pending(callbacks);
}

/// Takes dead references off the list, and dead classes off their bases'.
fn forget_weak_refs(cx: &Cx, marker: &Marker<'_>) {
    let world = cx.world;
    world.weak_refs.lock().retain(|&r| marker.is_marked(r));
    // Dead classes leave their bases' lists. Whatever lives is below `object`.
    clear_dead_subclasses(cx.class(T::object), marker);
}

fn clear_dead_subclasses(class: Obj, marker: &Marker<'_>) {
    let Some(buf) = class.raw(class::slot::SUBCLASSES).obj() else { return };
    for i in 0..buf.len() {
        let Some(word) = buf.item(i).and_then(Value::bound) else { continue };
        let Some(sub) = Value::from_bits(word.foreign_address() as u64).obj() else { continue };
        if marker.is_marked(sub) {
            clear_dead_subclasses(sub, marker);
        } else {
            buf.init_item(i, Value::UNBOUND);
        }
    }
}

/// Every live object that programs can have hold of. Collects first; the list is no root, so no safepoint may come
/// between this call and the last use.
pub fn live_objects(cx: &mut Cx) -> Vec<Obj> {
    collect(cx);
    let mut all = cx.world.heap.marked_objects();
    all.retain(|o| !matches!(o.kind(), Kind::Buf | Kind::Raw));
    all
}

/// The objects that `o` refers to, by way of its storage, too.
pub fn referents(cx: &Cx, o: Obj) -> Vec<Obj> {
    let mut found = Vec::new();
    for part in cx.world.heap.parts(o) {
        if part.kind() == Kind::Buf {
            found.extend(cx.world.heap.parts(part));
        } else {
            found.push(part);
        }
    }
    found
}

/// Whether the object's class has a finalizer.
pub fn has_finalizer(o: Obj) -> bool {
    class::special(o.class(), Special::Del).is_bound()
}
