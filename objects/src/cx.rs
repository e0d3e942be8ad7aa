//! [`Cx`]: one thread's running context, first parameter everywhere. Allocation and look-ups of well-known things.

use std::sync::atomic::Ordering;

use taipan_stm::{Abort, Orec, Txn};

use crate::{
    TRANSACTIONS,
    attempt::Beside,
    class,
    exc::{Completion, Escape},
    heap::{Kind, LocalHeap, NativeData, Obj, OutOfMemory},
    names::{N, Special},
    native::{NativeDef, Signature},
    shape::Shape,
    types::{T, TypeDef, str::new_str_bytes},
    value::Value,
    world::World,
};

/// The register stack of a thread; scanned conservatively up to `top`.
#[derive(Debug)]
pub struct RegStack {
    /// First word.
    pub base: *mut u64,
    /// End of the reservation.
    pub limit: *mut u64,
    /// End of the part in use, kept true at every safepoint and call out of the VM.
    pub top: *mut u64,
}

const METHOD_CACHE: usize = 2048;

#[derive(Clone, Copy)]
struct MethodEntry {
    class: u64,
    name: u64,
    value: Value,
}

/// One thread's context: allocator, running attempt, world, register stack, caches.
pub struct Cx {
    /// Allocation ranges of this thread.
    pub local: LocalHeap,
    /// The running attempt.
    pub tx: Txn,
    /// This thread's registration with the domain's safepoints.
    pub thread: taipan_stm::Thread,
    solo: bool,
    /// The world this thread belongs to.
    pub world: &'static World,
    /// Python registers.
    pub stack: RegStack,
    /// The VM's own per-thread state (an address that only `interp` interprets).
    pub vm: *mut (),
    /// Makes the VM poll at its next chance.
    pub hurry: fn(&mut Cx),
    /// What the thread keeps losing to others although it mostly reads it, or null. An attempt that changes it ends at its next
    /// poll, because they read it, too, and wait. Never dereferenced.
    pub read_mostly: *const Orec,
    /// Limit of `depth` (`sys.setrecursionlimit`).
    pub recursion_limit: u32,
    /// Lowest native stack address that recursion may reach.
    pub native_floor: usize,
    /// Native frames between Python frames: no attempt may end while this is not 0.
    pub native_depth: u32,
    /// Python frames plus native recursion, checked against the recursion limit.
    pub depth: u32,
    /// Highest address of the native stack that can hold values.
    pub native_base: usize,
    /// Lowest address of the native stack in use, recorded whenever this thread stops.
    pub native_sp: usize,
    /// The collection that this thread runs takes nothing on its native stack for a root.
    pub(crate) ignores_native_stack: bool,
    /// Where the native stack stood when the loop was entered that runs below everything else; 0 for nowhere.
    pub(crate) native_lowest: usize,
    abort_cause: Option<Abort>,
    methods: Box<[MethodEntry; METHOD_CACHE]>,
    methods_epoch: u64,
    /// Exception being handled (`sys.exception()`), or unbound.
    pub handled: Value,
    /// Per-thread slots for native modules, traced as roots (context variables, thread state dict, ...).
    pub(crate) thread_slots: [Value; 16],
    /// What the running attempt has done to the thread so far.
    pub(crate) beside: Beside,
    /// Output of the running attempt, in order: descriptor and bytes. The driver writes it when the attempt commits
    /// (irrevocable by then, so that the order of output is the order of commits) and drops it when it aborts.
    pub deferred: Vec<(i32, Vec<u8>)>,
    /// Objects whose `repr` is running, to cut cycles; set aside and restored by the driver on abort.
    pub repr_stack: Vec<Obj>,
}

/// Items from which on a buffer takes so long to make that its attempt should not be killed meanwhile.
const LARGE_BUF: usize = 1 << 13;

impl Cx {
    pub(crate) fn new(
        world: &'static World,
        tx: Txn,
        thread: taipan_stm::Thread,
        stack: RegStack,
    ) -> Self {
        Self {
            local: LocalHeap::new(world.heap.clone()),
            tx,
            thread,
            solo: true,
            world,
            stack,
            vm: std::ptr::null_mut(),
            hurry: |_| {},
            read_mostly: std::ptr::null(),
            recursion_limit: 1000,
            native_floor: 0,
            native_depth: 0,
            depth: 0,
            native_base: 0,
            native_sp: 0,
            ignores_native_stack: false,
            native_lowest: 0,
            abort_cause: None,
            methods: Box::new(
                [MethodEntry { class: 0, name: 0, value: Value::UNBOUND }; METHOD_CACHE],
            ),
            methods_epoch: 0,
            handled: Value::UNBOUND,
            thread_slots: [Value::UNBOUND; 16],
            beside: Beside::default(),
            deferred: Vec::new(),
            repr_stack: Vec::new(),
        }
    }

    /// Whether transactions are off because only this thread runs Python code.
    #[inline(always)]
    pub fn is_solo(&self) -> bool {
        !TRANSACTIONS || self.solo
    }

    /// Turns transactions on or off for this thread; only the driver, between attempts.
    pub fn set_solo(&mut self, solo: bool) {
        debug_assert!(solo || TRANSACTIONS);
        self.solo = solo;
    }

    /// Slot `i` of the thread's own state; unbound at first.
    #[inline]
    pub fn thread_slot(&self, i: usize) -> Value {
        self.thread_slots[i]
    }

    /// Sets slot `i` of the thread's own state; undone when the running attempt aborts.
    pub fn set_thread_slot(&mut self, i: usize, v: Value) {
        let old = std::mem::replace(&mut self.thread_slots[i], v);
        if !self.is_solo() {
            self.beside.slots.push((i, old));
        }
    }

    /// Whether a barrier of the running attempt has failed: then it must not commit, whoever dropped the escape.
    #[inline(always)]
    pub fn has_aborted(&self) -> bool {
        self.abort_cause.is_some()
    }

    /// Remembers why the attempt ended and gives the escape to return.
    #[cold]
    pub fn aborted(&mut self, cause: Abort) -> Escape {
        self.abort_cause = Some(cause);
        Escape::ABORT
    }

    /// The cause of the abort that is under way.
    pub fn abort_cause(&self) -> Option<Abort> {
        self.abort_cause
    }

    /// As [`Cx::abort_cause`]; it counts as dealt with.
    pub fn take_abort(&mut self) -> Option<Abort> {
        self.abort_cause.take()
    }

    /// Whether the running attempt, or the innermost part of it that can be taken back, has made `o`: then nobody else can
    /// have seen it, and writing it needs no log.
    pub fn is_born(&self, o: Obj) -> bool {
        // Relaxed: the word is this thread's own, or another one.
        o.word(1).load(Ordering::Relaxed) == self.tx.born_word()
    }

    // ---- allocation -------------------------------------------------------------------------

    /// A zeroed object of `words` words with the given shape's meta; mutable kinds get their birth header.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    #[inline(always)]
    pub fn alloc(&mut self, shape: &'static Shape, words: usize) -> Completion<Obj> {
        let o = match self.local.quick_alloc(shape.meta(), words) {
            Some(o) => o,
            None => self.alloc_slow(shape.meta(), words)?,
        };
        if shape.kind().has_orec() && !self.is_solo() {
            // Relaxed: visible to others only through a later release.
            o.word(1).store(self.tx.born_word(), Ordering::Relaxed);
        }
        Ok(o)
    }

    /// Beyond the range at hand. Once enough was allocated, the next poll comes soon: natives can allocate a lot between two.
    #[cold]
    #[inline(never)]
    fn alloc_slow(&mut self, meta: u64, words: usize) -> Completion<Obj> {
        match self.local.alloc_slow(meta, words) {
            Ok(o) => {
                if self.world.heap.collection_wanted() {
                    (self.hurry)(self);
                }
                Ok(o)
            }
            Err(OutOfMemory) => Err(self.out_of_memory()),
        }
    }

    /// A fresh object of the well-known class `class` with all its words zero (`UNBOUND`).
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    #[inline(always)]
    pub fn new_object(&mut self, class: T) -> Completion<Obj> {
        let shape = class::root_shape(self.class(class));
        self.alloc(shape, shape.words())
    }

    /// A fresh object of any class with all its words zero.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn new_instance(&mut self, class: Obj) -> Completion<Obj> {
        let o = self.new_unfinalized(class)?;
        if class::special(class, Special::Del).is_bound() {
            self.note_mortal(o);
        }
        Ok(o)
    }

    /// As [`Cx::new_instance`], of an object whose `__del__` has nothing to do.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    #[inline(always)]
    pub fn new_unfinalized(&mut self, class: Obj) -> Completion<Obj> {
        let shape = class::root_shape(class);
        self.alloc(shape, shape.words())
    }

    /// A buffer of `len` unbound values.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    #[inline(always)]
    pub fn new_buf(&mut self, len: usize) -> Completion<Obj> {
        if len >= LARGE_BUF && !self.is_solo() {
            self.tx.prioritize();
        }
        let o = self.alloc_sized(self.world.buf_meta(), len, 2)?;
        o.word(1).store(len as u64, Ordering::Relaxed);
        Ok(o)
    }

    /// A buffer of `len` zero bytes.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn new_raw(&mut self, len: usize) -> Completion<Obj> {
        let o = self.alloc_sized(self.world.raw_meta(), len.div_ceil(8), 2)?;
        o.word(1).store(len as u64, Ordering::Relaxed);
        Ok(o)
    }

    /// An object of a raw or headerless kind: `header` words and `payload` further words.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit or for absurd sizes.
    #[inline(always)]
    pub fn alloc_sized(&mut self, meta: u64, payload: usize, header: usize) -> Completion<Obj> {
        if payload > 1 << 44 {
            return Err(self.out_of_memory());
        }
        match self.local.quick_alloc(meta, header + payload) {
            Some(o) => Ok(o),
            None => self.alloc_slow(meta, header + payload),
        }
    }

    /// The escape with the `MemoryError` that was made at start-up.
    #[cold]
    pub fn out_of_memory(&mut self) -> Escape {
        Escape::raise(self.world.memory_error())
    }

    /// A tuple of these items.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn new_tuple(&mut self, items: &[Value]) -> Completion<Value> {
        if items.is_empty() {
            return Ok(self.world.empty_tuple());
        }
        let o = self.alloc_sized(class::root_shape(self.class(T::tuple)).meta(), items.len(), 2)?;
        o.word(1).store(items.len() as u64, Ordering::Relaxed);
        for (i, &v) in items.iter().enumerate() {
            o.init(2 + i, v);
        }
        Ok(o.into())
    }

    /// A `str` of this text.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn new_str(&mut self, text: &str) -> Completion<Value> {
        new_str_bytes(self, text.as_bytes(), text.chars().count())
    }

    /// An `int` of any 64-bit size.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    #[inline(always)]
    pub fn new_int(&mut self, i: i64) -> Completion<Value> {
        match Value::try_int(i) {
            Some(v) => Ok(v),
            None => crate::types::int::new_big_i64(self, i),
        }
    }

    /// An object of class `class` (a `Record` with native slot) that owns `data`.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn new_native(&mut self, class: Obj, data: impl NativeData) -> Completion<Obj> {
        let shape = class::root_shape(class);
        debug_assert!(matches!(shape.kind(), Kind::Record | Kind::Code));
        let o = self.alloc(shape, shape.words())?;
        let boxed: Box<Box<dyn NativeData>> = Box::new(Box::new(data));
        o.init(crate::heap::NATIVE_SLOT, Value::foreign(Box::into_raw(boxed) as usize));
        self.world.heap.register_native(o);
        Ok(o)
    }

    /// An exception of `class` with these arguments, without running Python code (builtin classes only).
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn new_exception(&mut self, class: Obj, args: &[Value]) -> Completion<Obj> {
        crate::types::exception::new_exception(self, class, args)
    }

    /// Puts output off until the attempt commits.
    pub fn defer_output(&mut self, fd: i32, bytes: &[u8]) {
        match self.deferred.last_mut() {
            Some((last, buffer)) if *last == fd => buffer.extend_from_slice(bytes),
            _ => self.deferred.push((fd, bytes.to_vec())),
        }
    }

    /// How much output waits, for [`Cx::cut_output`].
    pub fn output_mark(&self) -> (usize, usize) {
        (self.deferred.len(), self.deferred.last().map_or(0, |(_, buffer)| buffer.len()))
    }

    /// Drops the output put off since the mark was taken; what has been written meanwhile stays written.
    pub fn cut_output(&mut self, (parts, len): (usize, usize)) {
        self.deferred.truncate(parts);
        if self.deferred.len() == parts
            && let Some((_, buffer)) = self.deferred.last_mut()
        {
            buffer.truncate(len);
        }
    }

    // ---- well-known things ------------------------------------------------------------------

    /// The well-known class `t`.
    #[inline(always)]
    pub fn class(&self, t: T) -> Obj {
        self.world.class(t)
    }

    /// The class declared by `def`, made on first use in this world.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn type_for(&mut self, def: &'static TypeDef) -> Completion<Obj> {
        match self.world.made_type(def) {
            Some(class) => Ok(class),
            None => class::make_type(self, def),
        }
    }

    /// The interned string of a well-known name.
    #[inline(always)]
    pub fn name(&self, n: N) -> Value {
        self.world.name(n)
    }

    /// The interned string of a special method's name.
    #[inline(always)]
    pub fn special_name(&self, s: Special) -> Value {
        self.world.special_name(s)
    }

    /// The interned string with this text; interned strings live forever and compare by identity.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn intern(&mut self, text: &str) -> Completion<Value> {
        self.world.intern(self, text.as_bytes())
    }

    /// The class of any value.
    #[inline(always)]
    pub fn class_of(&self, v: Value) -> Obj {
        if let Some(o) = v.obj() {
            return o.class();
        }
        self.class(if v.is_small() {
            T::int
        } else if v.is_float() {
            T::float
        } else if v.is_none() {
            T::NoneType
        } else if v.is_bool() {
            T::bool
        } else if v == Value::ELLIPSIS {
            T::ellipsis
        } else {
            T::NotImplementedType
        })
    }

    /// What `class` or a base defines for the interned name `name`, unbound; `UNBOUND` if nothing. Cached.
    #[inline]
    pub fn lookup(&mut self, class: Obj, name: Value) -> Value {
        let epoch = self.world.type_epoch();
        if epoch != self.methods_epoch {
            self.flush_methods(epoch);
        }
        let (c, n) = (class.to_word(), name.bits());
        let i = ((c >> 4) ^ (n >> 5)) as usize % METHOD_CACHE;
        let entry = self.methods[i];
        if entry.class == c && entry.name == n {
            return entry.value;
        }
        let value = class::lookup_uncached(class, name);
        self.methods[i] = MethodEntry { class: c, name: n, value };
        value
    }

    /// Forgets all cached class attributes (also: the collector, which does not trace the cache).
    #[cold]
    pub fn flush_methods(&mut self, epoch: u64) {
        self.methods.fill(MethodEntry { class: 0, name: 0, value: Value::UNBOUND });
        self.methods_epoch = epoch;
    }

    /// A native function object: `owner` is the module name or the class it belongs to.
    ///
    /// # Errors
    /// `MemoryError` at the heap's limit.
    pub fn new_native_fn(
        &mut self,
        class: T,
        def: &'static NativeDef,
        owner: Value,
    ) -> Completion<Value> {
        let sig: &'static Signature = Box::leak(Box::new(Signature::parse(def.sig)));
        crate::types::native_fn::new(self, class, def, sig, owner)
    }
}
