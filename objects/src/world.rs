//! [`World`]: everything the threads of one interpreter share. No statics: tests hold several worlds.

use std::{
    ptr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use hashbrown::HashTable;
use parking_lot::Mutex;
use taipan_stm::{Domain, Txn};

use crate::{
    apart::Apart,
    bootstrap,
    cx::{Cx, RegStack},
    exc::Completion,
    heap::{Heap, Kind, Marking, Obj},
    names::{N, Special},
    shape::Shape,
    types::{T, TypeDef, dict, str as string},
    value::Value,
};

/// What `objects` asks the interpreter to do; filled in by `interp`.
#[derive(Clone, Copy, Debug)]
pub struct Upcalls {
    /// Calls a Python function (`Kind::Function`): positional values, then keyword values named by `kwnames`.
    pub call_function: fn(&mut Cx, Obj, &[Value], &[Value]) -> Completion<Value>,
    /// Between attempts or inside long natives: stop for the collector, run signal handlers and finalizers.
    pub safepoint: fn(&mut Cx) -> Completion<()>,
    /// Makes the running attempt irrevocable before an effect that cannot be undone.
    pub irrevocable: fn(&mut Cx) -> Completion<()>,
    /// Makes the running attempt irrevocable for the present; it may still be taken back.
    pub take_token: fn(&mut Cx) -> Completion<()>,
    /// Commits, runs the closure outside any transaction with this thread counted as stopped, and starts anew.
    pub blocking: fn(&mut Cx, &mut dyn FnMut()) -> Completion<()>,
    /// Imports a module by its dotted name and returns it (the leaf).
    pub import: fn(&mut Cx, &str) -> Completion<Value>,
    /// Marks the VM's own per-thread roots.
    pub trace_thread: fn(&Cx, &mut crate::heap::Marker<'_>),
    /// What `super()` without arguments means in the running method: its `__class__` and its first argument.
    pub super_arguments: fn(&mut Cx) -> Completion<(Value, Value)>,
    /// `__name__` of the module whose code runs, or unbound.
    pub current_module: fn(&mut Cx) -> Completion<Value>,
    /// Whether a dead generator, coroutine or async generator has something left to do. The world is stopped.
    pub generator_needs_end: fn(Obj) -> bool,
    /// Sees to it that a generator of an aborted attempt has nothing left to do when it dies.
    pub unmake_generator: fn(Obj),
}

/// Settings of a world.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Limit of heap memory in bytes; 0 for none.
    pub max_memory: usize,
    /// How the collector marks.
    pub marking: Marking,
    /// Keys of `hash(str)` (from `PYTHONHASHSEED` or random).
    pub hash_key: (u64, u64),
    /// Words of each thread's register stack.
    pub stack_words: usize,
    /// For tests: about one barrier in so many aborts its attempt; 0 for none.
    pub shake_one_in: u32,
    /// Dicts of so many entries or more are split when threads fight over them.
    pub split_from: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_memory: 0,
            marking: Marking::default(),
            hash_key: (0, 0),
            stack_words: 1 << 20,
            shake_one_in: 0,
            split_from: dict::SPLIT_FROM,
        }
    }
}

pub(crate) struct ThreadEntry(pub(crate) *mut Cx);

// SAFETY: entries are used only by the collector, with the world stopped.
unsafe impl Send for ThreadEntry {}

/// Shared state of one interpreter.
pub struct World {
    /// The heap.
    pub heap: Arc<Heap>,
    /// Clock, slots and policy of the transactions.
    pub domain: Arc<Domain>,
    /// Settings.
    pub settings: Settings,
    upcalls: OnceLock<Upcalls>,
    pub(crate) classes: Box<[AtomicU64]>,
    names: Box<[AtomicU64]>,
    specials: Box<[AtomicU64]>,
    pub(crate) interned: Apart<Mutex<HashTable<Obj>>>,
    pub(crate) made_types: Mutex<Vec<(usize, Obj)>>,
    type_epoch: AtomicU64,
    object_getattribute: AtomicU64,
    empty_tuple: AtomicU64,
    codec_registry: AtomicU64,
    latin_chars: Box<[AtomicU64]>,
    memory_error: AtomicU64,
    buf_meta: AtomicU64,
    raw_meta: AtomicU64,
    subclass_lock: Mutex<()>,
    pub(crate) threads: Mutex<Vec<ThreadEntry>>,
    pub(crate) pinned: Mutex<Vec<Value>>,
    pub(crate) weak_refs: Apart<Mutex<Vec<Obj>>>,
    pub(crate) finalizable: Apart<Mutex<Vec<Obj>>>,
    pending: Mutex<Vec<Value>>,
    /// How many are in `pending`: every poll asks, and a lock would send its cache line from core to core.
    n_pending: AtomicUsize,
    /// Generators of parts of attempts that were taken back: they end in silence.
    pub(crate) exempt_generators: Mutex<Vec<Obj>>,
    gc_enabled: AtomicBool,
    int_max_str_digits: AtomicUsize,
    warns_bytes: AtomicBool,
}

fn words(n: usize) -> Box<[AtomicU64]> {
    (0..n).map(|_| AtomicU64::new(0)).collect()
}

impl World {
    /// A new world with the builtin classes of this crate, and the context of its first thread. Worlds are leaked:
    /// they live as long as the process.
    ///
    /// # Errors
    /// The operating system's error when memory cannot be reserved.
    pub fn create(settings: Settings) -> std::io::Result<Box<Cx>> {
        let world: &'static Self = Box::leak(Box::new(Self {
            heap: Arc::new(Heap::new(settings.max_memory, settings.marking)?),
            domain: Domain::new(taipan_stm::Config {
                // A statement may sort a list of any size.
                log_max: usize::MAX,
                shake_one_in: settings.shake_one_in,
                // Attempts are as long as they can be: at hot spots their owners are waited for.
                nap_after: 0,
                ..taipan_stm::Config::default()
            }),
            settings,
            upcalls: OnceLock::new(),
            classes: words(T::COUNT),
            names: words(N::TEXTS.len()),
            specials: words(Special::ALL.len()),
            interned: Apart::default(),
            made_types: Mutex::default(),
            type_epoch: AtomicU64::new(1),
            object_getattribute: AtomicU64::new(0),
            empty_tuple: AtomicU64::new(0),
            codec_registry: AtomicU64::new(0),
            latin_chars: words(256),
            memory_error: AtomicU64::new(0),
            buf_meta: AtomicU64::new(0),
            raw_meta: AtomicU64::new(0),
            subclass_lock: Mutex::new(()),
            threads: Mutex::default(),
            pinned: Mutex::default(),
            weak_refs: Apart::default(),
            finalizable: Apart::default(),
            pending: Mutex::default(),
            n_pending: AtomicUsize::new(0),
            exempt_generators: Mutex::default(),
            gc_enabled: AtomicBool::new(true),
            int_max_str_digits: crate::types::number::DEFAULT_MAX_STR_DIGITS.into(),
            warns_bytes: AtomicBool::new(false),
        }));
        let mut cx = world.attach()?;
        match bootstrap::run(&mut cx) {
            Ok(()) => Ok(cx),
            Err(_) => {
                Err(std::io::Error::other("the memory limit is too small for the builtin classes"))
            }
        }
    }

    /// The context of a further thread. Give it back with [`World::detach`].
    ///
    /// # Errors
    /// When memory for the register stack or a transaction slot is not to be had.
    pub fn attach(&'static self) -> std::io::Result<Box<Cx>> {
        let tx = Txn::new(&self.domain).map_err(std::io::Error::other)?;
        let mut cx = Box::new(Cx::new(
            self,
            tx,
            taipan_stm::Thread::register(&self.domain),
            map_stack(self.settings.stack_words)?,
        ));
        let context = (&raw mut *cx).cast();
        // SAFETY: the box stays where it is for as long as its handle lives, and the hook leaves the handle alone.
        unsafe { cx.tx.set_on_block(context, crate::gc::on_block) };
        let marker = 0_u8;
        cx.native_base = ptr::from_ref(&marker) as usize + 4096;
        self.threads.lock().push(ThreadEntry(&raw mut *cx));
        Ok(cx)
    }

    /// The module with this dotted name, imported if need be.
    ///
    /// # Errors
    /// Whatever the import raises.
    pub fn import_module(&self, cx: &mut Cx, name: &str) -> Completion<Value> {
        (self.upcalls().import)(cx, name)
    }

    /// Takes a thread's context out of the world.
    pub fn detach(&self, mut cx: Box<Cx>) {
        cx.attempt_committed();
        cx.local.retire();
        let this: *mut Cx = &raw mut *cx;
        self.threads.lock().retain(|t| t.0 != this);
        unmap_stack(&cx.stack);
    }

    /// Installs the interpreter's side, once per world.
    pub fn set_upcalls(&self, upcalls: Upcalls) {
        let first = self.upcalls.set(upcalls).is_ok();
        debug_assert!(first, "a world has one interpreter");
    }

    /// The interpreter's side.
    ///
    /// # Panics
    /// If no interpreter was installed: worlds without one can hold objects but not run Python.
    #[inline]
    pub fn upcalls(&self) -> &Upcalls {
        self.upcalls.get().expect("an interpreter is installed before Python code runs")
    }

    /// [`Upcalls::generator_needs_end`]: nothing does before an interpreter is installed.
    pub(crate) fn generator_needs_end(&self) -> fn(Obj) -> bool {
        self.upcalls.get().map_or(|_| false, |u| u.generator_needs_end)
    }

    /// [`Upcalls::current_module`]: unbound before an interpreter is installed.
    pub(crate) fn current_module(&self) -> fn(&mut Cx) -> Completion<Value> {
        self.upcalls.get().map_or(|_| Ok(Value::UNBOUND), |u| u.current_module)
    }

    /// How to mark the VM's per-thread roots; nothing to do before an interpreter is installed.
    pub(crate) fn trace_thread(&self) -> fn(&Cx, &mut crate::heap::Marker<'_>) {
        self.upcalls.get().map_or(|_, _| {}, |u| u.trace_thread)
    }

    // Relaxed in the accessors below: filled in before any second thread starts, which orders it.

    /// A well-known class.
    #[inline(always)]
    pub fn class(&self, t: T) -> Obj {
        Obj::from_word(self.classes[t as usize].load(Ordering::Relaxed))
    }

    pub(crate) fn set_class(&self, t: T, class: Obj) {
        self.classes[t as usize].store(class.to_word(), Ordering::Relaxed);
    }

    /// Whether the well-known class exists already.
    pub fn has_class(&self, t: T) -> bool {
        self.classes[t as usize].load(Ordering::Relaxed) != 0
    }

    /// The interned string of a well-known name.
    #[inline(always)]
    pub fn name(&self, n: N) -> Value {
        Value::from_bits(self.names[n as usize].load(Ordering::Relaxed))
    }

    /// The interned name of a special method.
    #[inline(always)]
    pub fn special_name(&self, s: Special) -> Value {
        Value::from_bits(self.specials[s as usize].load(Ordering::Relaxed))
    }

    pub(crate) fn set_name(&self, i: usize, v: Value) {
        self.names[i].store(v.bits(), Ordering::Relaxed);
    }

    pub(crate) fn set_special_name(&self, i: usize, v: Value) {
        self.specials[i].store(v.bits(), Ordering::Relaxed);
    }

    /// `()`.
    #[inline(always)]
    pub fn empty_tuple(&self) -> Value {
        Value::from_bits(self.empty_tuple.load(Ordering::Relaxed))
    }

    /// The containers of the codec registry (`types/codec.rs`).
    pub(crate) fn codec_registry(&self) -> Option<Obj> {
        Value::from_bits(self.codec_registry.load(Ordering::Relaxed)).obj()
    }

    pub(crate) fn set_codec_registry(&self, o: Obj) {
        self.pin(o.into());
        self.codec_registry.store(o.to_word(), Ordering::Relaxed);
    }

    /// The interned string of one Latin-1 character; unbound until [`World::set_latin_char`].
    #[inline(always)]
    pub(crate) fn latin_char(&self, c: u8) -> Value {
        // Acquire: pairs with the Release in `set_latin_char`.
        Value::from_bits(self.latin_chars[usize::from(c)].load(Ordering::Acquire))
    }

    pub(crate) fn set_latin_char(&self, c: u8, v: Value) {
        self.latin_chars[usize::from(c)].store(v.bits(), Ordering::Release);
    }

    pub(crate) fn set_empty_tuple(&self, v: Value) {
        self.empty_tuple.store(v.bits(), Ordering::Relaxed);
    }

    pub(crate) fn memory_error(&self) -> Obj {
        Obj::from_word(self.memory_error.load(Ordering::Relaxed))
    }

    pub(crate) fn set_memory_error(&self, o: Obj) {
        self.memory_error.store(o.to_word(), Ordering::Relaxed);
    }

    #[inline(always)]
    pub(crate) fn buf_meta(&self) -> u64 {
        self.buf_meta.load(Ordering::Relaxed)
    }

    #[inline(always)]
    pub(crate) fn raw_meta(&self) -> u64 {
        self.raw_meta.load(Ordering::Relaxed)
    }

    pub(crate) fn set_buffer_shapes(&self, buf: &'static Shape, raw: &'static Shape) {
        debug_assert!(buf.kind() == Kind::Buf && raw.kind() == Kind::Raw);
        self.buf_meta.store(buf.meta(), Ordering::Relaxed);
        self.raw_meta.store(raw.meta(), Ordering::Relaxed);
    }

    /// `object.__getattribute__`.
    #[inline(always)]
    pub fn object_getattribute(&self) -> Value {
        Value::from_bits(self.object_getattribute.load(Ordering::Relaxed))
    }

    pub(crate) fn set_object_getattribute(&self, v: Value) {
        self.object_getattribute.store(v.bits(), Ordering::Relaxed);
    }

    pub(crate) fn subclass_lock(&self) -> &Mutex<()> {
        &self.subclass_lock
    }

    /// Counts changes of classes; caches of class attributes hold while it stands.
    #[inline(always)]
    pub fn type_epoch(&self) -> u64 {
        // Acquire: with the Release in `bump_type_epoch`, a thread that sees the new epoch sees the new class.
        self.type_epoch.load(Ordering::Acquire)
    }

    /// After a change of a class.
    pub fn bump_type_epoch(&self) {
        self.type_epoch.fetch_add(1, Ordering::Release);
    }

    /// Interns the string with these WTF-8 bytes.
    pub(crate) fn intern(&self, cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
        let hash = string::intern_hash(bytes);
        let find = |o: &Obj| string::bytes_of(*o) == bytes;
        if let Some(o) = self.interned.lock().find(hash, find) {
            return Ok((*o).into());
        }
        let n_chars = bytes.iter().filter(|b| (**b as i8) >= -64).count();
        let made = string::new_str_bytes(cx, bytes, n_chars)?;
        Ok(self.intern_made(made, hash))
    }

    /// Interns an existing string object; gives the one to use.
    pub(crate) fn intern_made(&self, made: Value, hash: u64) -> Value {
        let Some(o) = made.obj() else { return made };
        let bytes = string::bytes_of(o);
        let mut table = self.interned.lock();
        if let Some(o) = table.find(hash, |o| string::bytes_of(*o) == bytes) {
            return (*o).into();
        }
        string::mark_interned(o);
        table.insert_unique(hash, o, |o| string::intern_hash(string::bytes_of(*o)));
        made
    }

    /// The class already made for `def` in this world.
    pub fn made_type(&self, def: &'static TypeDef) -> Option<Obj> {
        let key = ptr::from_ref(def) as usize;
        self.made_types.lock().iter().find(|(k, _)| *k == key).map(|(_, class)| *class)
    }

    /// Enters a class made for `def`; if another thread was faster its class is returned.
    pub(crate) fn enter_type(&self, def: &'static TypeDef, class: Obj) -> Obj {
        let key = ptr::from_ref(def) as usize;
        let mut made = self.made_types.lock();
        if let Some((_, class)) = made.iter().find(|(k, _)| *k == key) {
            return *class;
        }
        made.push((key, class));
        if let Some(id) = def.id {
            self.set_class(id, class);
        }
        class
    }

    /// Keeps a value alive for good.
    pub fn pin(&self, v: Value) {
        self.pinned.lock().push(v);
    }

    /// Announces an object whose class has `__del__`.
    pub fn register_finalizer(&self, o: Obj) {
        self.finalizable.lock().push(o);
    }

    /// The generator has nothing to do when it dies.
    pub(crate) fn exempt_generator(&self, o: Obj) {
        self.exempt_generators.lock().push(o);
    }

    /// Announces a weak reference object; see `gc.rs` for its layout.
    pub(crate) fn register_weak_ref(&self, o: Obj) {
        self.weak_refs.lock().push(o);
    }

    /// The weak references to `v` that are still set.
    pub fn weak_refs_to(&self, v: Value) -> Vec<Obj> {
        let refs = self.weak_refs.lock();
        let refers = |r: &&Obj| r.raw(crate::gc::WEAK_TARGET).foreign_address() as u64 == v.bits();
        refs.iter().filter(refers).copied().collect()
    }

    /// Values whose finalizers, or weak reference callbacks, wait to be called at the next safepoint.
    pub fn take_pending(&self) -> Vec<Value> {
        let mut pending = self.pending.lock();
        // Relaxed: only a hint, see `n_pending`.
        self.n_pending.store(0, Ordering::Relaxed);
        std::mem::take(&mut *pending)
    }

    /// Adds to what [`World::take_pending`] gives.
    pub(crate) fn add_pending(&self, values: impl IntoIterator<Item = Value>) {
        let mut pending = self.pending.lock();
        pending.extend(values);
        self.n_pending.store(pending.len(), Ordering::Relaxed); // As in `take_pending`.
    }

    /// Shows what [`World::take_pending`] would give.
    pub(crate) fn for_each_pending(&self, show: impl FnMut(Value)) {
        self.pending.lock().iter().copied().for_each(show);
    }

    /// How many digits conversions between `int` and decimal text may have; 0 for no limit.
    pub fn int_max_str_digits(&self) -> usize {
        self.int_max_str_digits.load(Ordering::Relaxed)
    }

    /// Sets the limit of [`World::int_max_str_digits`].
    pub fn set_int_max_str_digits(&self, digits: usize) {
        self.int_max_str_digits.store(digits, Ordering::Relaxed);
    }

    /// Whether bytes taken for text are worth a `BytesWarning` (`-b`).
    pub fn warns_bytes(&self) -> bool {
        self.warns_bytes.load(Ordering::Relaxed)
    }

    /// Sets [`World::warns_bytes`].
    pub fn set_warns_bytes(&self, on: bool) {
        self.warns_bytes.store(on, Ordering::Relaxed);
    }

    /// Number of values that [`World::take_pending`] would give.
    pub fn n_pending(&self) -> usize {
        // Relaxed: who looks too early looks again at the next poll; the lock orders the values.
        self.n_pending.load(Ordering::Relaxed)
    }

    /// Turns automatic collection on or off (`gc.enable`).
    pub fn set_gc_enabled(&self, enabled: bool) {
        self.gc_enabled.store(enabled, Ordering::Relaxed);
    }

    /// Whether automatic collection is on.
    pub fn gc_enabled(&self) -> bool {
        self.gc_enabled.load(Ordering::Relaxed)
    }
}

fn map_stack(words: usize) -> std::io::Result<RegStack> {
    // SAFETY: a fresh private anonymous mapping at an address of the kernel's choice.
    let base = unsafe {
        libc::mmap(
            ptr::null_mut(),
            words * 8,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if base == libc::MAP_FAILED {
        return Err(std::io::Error::last_os_error());
    }
    let base = base.cast::<u64>();
    // SAFETY: one past the end of the mapping.
    let limit = unsafe { base.add(words) };
    Ok(RegStack { base, limit, top: base })
}

fn unmap_stack(stack: &RegStack) {
    let bytes = stack.limit as usize - stack.base as usize;
    // SAFETY: mapped by `map_stack` for a context that is going away.
    unsafe { libc::munmap(stack.base.cast(), bytes) };
}

#[cfg(test)]
mod tests {
    use crate::{N, Special, T, Value, World, class, gc, protocol, types::str as string};

    fn world() -> Box<crate::Cx> {
        World::create(super::Settings::default()).expect("memory for a world")
    }

    #[test]
    fn builtin_classes_know_their_order_and_special_methods() {
        let cx = &mut *world();
        let bool_ = cx.class(T::bool);
        assert_eq!(class::name(bool_), "bool");
        let mro: Vec<_> =
            class::mro(bool_).iter().filter_map(|c| c.obj()).map(class::name).collect();
        assert_eq!(mro, ["bool", "int", "object"]);
        assert_eq!(cx.class(T::type_).class(), cx.class(T::type_));
        assert!(class::special(cx.class(T::KeyError), Special::Repr).is_bound());
        assert!(class::is_subclass(cx.class(T::KeyError), cx.class(T::LookupError)));
    }

    #[test]
    fn instances_take_attributes_and_lose_them() {
        let cx = &mut *world();
        let (name, x) = (cx.intern("Point").unwrap(), cx.intern("x").unwrap());
        let names = crate::types::dict::new(cx).unwrap();
        let point =
            crate::types::type_::make(cx, cx.class(T::type_), name, &[], names, Value::UNBOUND)
                .unwrap();
        let p = protocol::call(cx, point, &[]).unwrap();
        protocol::set_attr(cx, p, x, Value::small(3)).unwrap();
        assert_eq!(protocol::get_attr(cx, p, x), Ok(Value::small(3)));
        protocol::del_attr(cx, p, x).unwrap();
        let gone = protocol::get_attr(cx, p, x).unwrap_err().exception().expect("AttributeError");
        let text = protocol::convert::str_text(cx, gone.into()).unwrap();
        assert_eq!(text, "'Point' object has no attribute 'x'");
    }

    #[test]
    fn collection_keeps_what_is_reachable_and_frees_the_rest() {
        let cx = &mut *world();
        cx.native_base = 0;
        let kept = cx.new_str("kept").unwrap();
        cx.world.pin(kept);
        for _ in 0..200_000 {
            cx.new_str("garbage that nobody will ever look at").unwrap();
        }
        let before = cx.world.heap.bytes_used();
        gc::collect(cx);
        assert_eq!(string::text(kept), Some("kept"));
        assert!(
            cx.world.heap.bytes_used() < before / 4,
            "{} of {before}",
            cx.world.heap.bytes_used()
        );
        let name = cx.name(N::name);
        assert_eq!(string::text(name), Some("__name__"));
        for _ in 0..200_000 {
            cx.new_str("reused").unwrap();
        }
        gc::collect(cx);
        assert_eq!(string::text(kept), Some("kept"));
    }
}
