//! One pickle in the making: which object is written how.

use taipan_objects::{
    Completion, Cx, Kind, Obj, T, Value, class, protocol, raise,
    types::{dict, str as string},
};

use super::{
    super::{buffer, errors, memo, opcodes as op, output::Output, tables},
    Settings,
};

/// Nesting in fast mode from which on circles are looked for.
const FAST_NESTING: usize = 50;

/// The state of one call of `dump`. It stays on the native stack, where the collector sees its values.
pub(super) struct Save {
    /// Whose memo is used.
    pub(super) pickler: Obj,
    pub(super) proto: u8,
    pub(super) bin: bool,
    pub(super) fix_imports: bool,
    /// Without memo.
    pub(super) fast: bool,
    /// Containers being written, in fast mode.
    open: Vec<u64>,
    pub(super) out: Output,
    // Unbound for none.
    pub(super) persistent_id: Value,
    pub(super) reducer_override: Value,
    pub(super) dispatch_table: Value,
    pub(super) buffer_callback: Value,
    /// Tables of `copyreg`, once they were needed.
    copyreg_dispatch: Option<Obj>,
    pub(super) extensions: Option<Obj>,
    /// The last class that was looked at, when, and whether its instances are plain.
    pub(super) plain_class: Option<(Obj, u64, bool)>,
    buffer_class: Obj,
}

impl Save {
    pub(super) fn new(cx: &mut Cx, pickler: Obj, set: &Settings, out: Output) -> Completion<Self> {
        Ok(Self {
            pickler,
            proto: set.proto,
            bin: set.proto > 0,
            fix_imports: set.fix_imports,
            fast: false,
            open: Vec::new(),
            out,
            persistent_id: Value::UNBOUND,
            reducer_override: Value::UNBOUND,
            dispatch_table: Value::UNBOUND,
            buffer_callback: set.callback,
            copyreg_dispatch: None,
            extensions: None,
            plain_class: None,
            buffer_class: cx.type_for(&buffer::PICKLE_BUFFER)?,
        })
    }

    /// A whole pickle of `v`.
    pub(super) fn all(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        if self.proto >= 2 {
            self.out.put(&[op::PROTO, self.proto]);
            self.out.framing = self.proto >= 4;
        }
        self.save(cx, v)?;
        self.out.op(op::STOP);
        self.out.commit();
        self.out.framing = false;
        Ok(())
    }

    /// Writes what makes `v`.
    pub(super) fn save(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        self.out.boundary(cx)?;
        if self.persistent_id.is_bound() && self.persistent(cx, v)? {
            return Ok(());
        }
        self.value(cx, v)
    }

    /// Writes the persistent id of `v`, if it has one.
    fn persistent(&mut self, cx: &mut Cx, v: Value) -> Completion<bool> {
        let id = protocol::call(cx, self.persistent_id, &[v])?;
        if id.is_none() {
            return Ok(false);
        }
        if self.bin {
            self.out.boundary(cx)?;
            self.value(cx, id)?;
            self.out.op(op::BINPERSID);
            return Ok(true);
        }
        let text = protocol::str_of(cx, id)?;
        match string::exact(text).filter(|o| string::is_ascii(*o)) {
            Some(o) => self.line(op::PERSID, string::bytes_of(o)),
            None => {
                let text = "persistent IDs in protocol 0 must be ASCII strings";
                return Err(errors::pickling(cx, text));
            }
        }
        Ok(true)
    }

    /// Writes an instruction whose argument is a line.
    pub(super) fn line(&mut self, op: u8, text: &[u8]) {
        self.out.op(op);
        self.out.put(text);
        self.out.put(b"\n");
    }

    fn value(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        if !v.is_obj() && self.immediate(v) {
            return Ok(());
        }
        let kind = v.obj().map(Obj::kind);
        if let (Some(Kind::Int), Some(o)) = (kind, v.obj()) {
            return self.big_int(cx, o);
        }
        if let Some(n) = memo::get(self.pickler, v) {
            self.get(n);
            return Ok(());
        }
        match (kind, v.obj()) {
            (Some(Kind::Str), Some(o)) => self.text(cx, o),
            (Some(Kind::Bytes), Some(o)) => self.bytes(cx, o),
            _ => self.object(cx, v),
        }
    }

    /// Writes an object that may contain others.
    fn object(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        // What an object says of itself may hold others without end; no counter, since CPython has none here either.
        if cx.native_stack_is_low() {
            let text = "maximum recursion depth exceeded while pickling an object";
            return raise!(cx, RecursionError, "{text}");
        }
        let class = cx.class_of(v);
        if let Some(o) = v.obj() {
            if class == cx.class(T::dict) {
                return self.circle(cx, o, Self::dict);
            } else if class == cx.class(T::list) {
                return self.circle(cx, o, Self::list);
            } else if class == cx.class(T::tuple) {
                return self.tuple(cx, o);
            } else if class == cx.class(T::set) {
                return self.set(cx, o);
            } else if class == cx.class(T::frozenset) {
                return self.circle(cx, o, Self::frozenset);
            } else if class == cx.class(T::bytearray) {
                return self.bytearray(cx, o);
            } else if class == self.buffer_class {
                return self.buffer(cx, o);
            }
        }
        self.other(cx, v, class)
    }

    fn other(&mut self, cx: &mut Cx, v: Value, class: Obj) -> Completion<()> {
        if self.reducer_override.is_bound() {
            let reduced = protocol::call(cx, self.reducer_override, &[v])?;
            if reduced != Value::NOT_IMPLEMENTED {
                return self.reduced(cx, v, reduced);
            }
        }
        if class == cx.class(T::type_) {
            return self.class(cx, v);
        }
        if class == cx.class(T::function) {
            return self.global(cx, v, None);
        }
        let reducer = self.reducer(cx, class)?;
        if reducer.is_bound() {
            let reduced = protocol::call(cx, reducer, &[v])?;
            return self.reduced(cx, v, reduced);
        }
        if class::is_subclass(class, cx.class(T::type_)) {
            return self.global(cx, v, None);
        }
        if self.instance(cx, v, class)? {
            return Ok(());
        }
        let reduced = self.ask(cx, v)?;
        self.reduced(cx, v, reduced)
    }

    /// The function registered for instances of `class`.
    fn reducer(&mut self, cx: &mut Cx, class: Obj) -> Completion<Value> {
        if self.dispatch_table.is_unbound() {
            let table = match self.copyreg_dispatch {
                Some(table) => table,
                None => {
                    *self.copyreg_dispatch.insert(tables::find(cx, "copyreg", "dispatch_table")?)
                }
            };
            return dict::get_item(cx, table, class.into());
        }
        if let Some(table) = dict::plain(cx, self.dispatch_table) {
            return dict::get_item(cx, table, class.into());
        }
        match protocol::get_item(cx, self.dispatch_table, class.into()) {
            Err(escape) if errors::is(cx, escape, T::KeyError) => Ok(Value::UNBOUND),
            result => result,
        }
    }

    /// Lets `v` say how it is made.
    fn ask(&mut self, cx: &mut Cx, v: Value) -> Completion<Value> {
        let name = cx.name(taipan_objects::N::reduce_ex);
        if let Some(f) = protocol::get_attr_opt(cx, v, name)? {
            return protocol::call(cx, f, &[Value::small(self.proto.into())]);
        }
        let name = cx.name(taipan_objects::N::reduce);
        if let Some(f) = protocol::get_attr_opt(cx, v, name)? {
            return protocol::call(cx, f, &[]);
        }
        let text = format!("Can't pickle {} object", errors::kind(cx, v));
        Err(errors::pickling(cx, &text))
    }

    /// Writes a container; in fast mode, which has no memo, circles are found here.
    fn circle(
        &mut self,
        cx: &mut Cx,
        o: Obj,
        write: fn(&mut Self, &mut Cx, Obj) -> Completion<()>,
    ) -> Completion<()> {
        if !self.fast {
            return write(self, cx, o);
        }
        let word = Value::from(o).bits();
        if self.open.len() >= FAST_NESTING && self.open.contains(&word) {
            let name = cx.type_name(o.into());
            return raise!(
                cx,
                ValueError,
                "fast mode: can't pickle cyclic objects including object type {name} at {word:#x}"
            );
        }
        self.open.push(word);
        let result = write(self, cx, o);
        self.open.pop();
        result
    }

    /// Gives `v` a number, under which it can be had again.
    #[inline]
    pub(super) fn memoize(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        if self.fast {
            return Ok(());
        }
        let n = memo::put(cx, self.pickler, v)?;
        self.numbered(n);
        Ok(())
    }

    /// As [`Self::memoize`], of something that nobody can come upon again.
    pub(super) fn memoize_passing(&mut self, cx: &mut Cx) -> Completion<()> {
        if self.fast {
            return Ok(());
        }
        let n = memo::skip(cx, self.pickler)?;
        self.numbered(n);
        Ok(())
    }

    fn numbered(&mut self, n: usize) {
        if self.proto >= 4 {
            self.out.op(op::MEMOIZE);
        } else {
            self.indexed(n, op::PUT, op::BINPUT, op::LONG_BINPUT);
        }
    }

    /// Takes number `n` from the memo.
    pub(super) fn get(&mut self, n: usize) {
        self.indexed(n, op::GET, op::BINGET, op::LONG_BINGET);
    }

    fn indexed(&mut self, n: usize, text: u8, short: u8, long: u8) {
        if !self.bin {
            self.line(text, n.to_string().as_bytes());
        } else if let Ok(n) = u8::try_from(n) {
            self.out.put(&[short, n]);
        } else {
            let [a, b, c, d] = (n as u32).to_le_bytes();
            self.out.put(&[long, a, b, c, d]);
        }
    }

    /// The number of `v`, if it was written while what it contains was written.
    pub(super) fn written(&self, v: Value) -> Option<usize> {
        memo::get(self.pickler, v)
    }
}
