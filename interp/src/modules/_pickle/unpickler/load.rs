//! One pickle being read: the instructions.

use taipan_objects::{Completion, Cx, Obj, Value, protocol, raise};

use super::{
    super::{
        errors,
        opcodes::{self as op, HIGHEST_PROTOCOL},
    },
    input::Input,
    memo,
    stack::Stack,
};

/// The state of one call of `load`. It stays on the native stack, where the collector sees its values.
pub(super) struct Load {
    /// Whose memo and settings are used.
    pub(super) unpickler: Obj,
    pub(super) input: Input,
    pub(super) stack: Stack,
    /// Unbound: the one that refuses.
    pub(super) persistent_load: Value,
    /// `find_class` may have been overridden.
    pub(super) own_find: bool,
}

impl Load {
    pub(super) fn new(unpickler: Obj, input: Input) -> Self {
        Self {
            unpickler,
            input,
            stack: Stack::default(),
            persistent_load: Value::UNBOUND,
            own_find: false,
        }
    }

    /// The object that the pickle makes.
    pub(super) fn all(mut self, cx: &mut Cx) -> Completion<Value> {
        // Files and the hooks of objects may load other pickles, and so on.
        if cx.native_stack_is_low() {
            return raise!(cx, RecursionError, "maximum recursion depth exceeded");
        }
        cx.set(self.unpickler, super::PROTO, Value::small(0))?;
        loop {
            let op = self.input.op(cx)?;
            if op == op::STOP {
                break;
            }
            self.step(cx, op)?;
        }
        self.input.skip_consumed(cx)?;
        self.stack.pop(cx)
    }

    #[inline]
    fn step(&mut self, cx: &mut Cx, op: u8) -> Completion<()> {
        match op {
            op::MEMOIZE => {
                let v = self.stack.top(cx)?;
                memo::push(cx, self.unpickler, v)
            }
            op::BINGET => {
                let [n] = self.input.array(cx)?;
                self.get(cx, n.into())
            }
            op::LONG_BINGET => {
                let n = u32::from_le_bytes(self.input.array(cx)?);
                self.get(cx, n as usize)
            }
            op::BINPUT => {
                let [n] = self.input.array(cx)?;
                self.put(cx, n.into())
            }
            op::LONG_BINPUT => {
                let n = u32::from_le_bytes(self.input.array(cx)?);
                self.put(cx, n as usize)
            }
            op::GET => {
                let n = self.line_index(cx)?;
                match usize::try_from(n) {
                    Ok(n) => self.get(cx, n),
                    Err(_) => Err(not_found(cx, n)),
                }
            }
            op::PUT => self.put_line(cx),
            op::MARK => {
                self.stack.mark();
                Ok(())
            }
            op::POP => self.stack.discard(cx),
            op::POP_MARK => {
                let at = self.stack.unmark(cx)?;
                self.stack.drop_from(at);
                Ok(())
            }
            op::DUP => {
                let v = self.stack.top(cx)?;
                self.stack.push(cx, v)
            }
            op::PROTO => self.proto(cx),
            op::FRAME => {
                let n = self.size(cx, op)?;
                self.input.frame(cx, n)
            }
            op::TUPLE
            | op::TUPLE1
            | op::TUPLE2
            | op::TUPLE3
            | op::EMPTY_TUPLE
            | op::EMPTY_LIST
            | op::EMPTY_DICT
            | op::EMPTY_SET
            | op::LIST
            | op::DICT
            | op::FROZENSET
            | op::APPEND
            | op::APPENDS
            | op::SETITEM
            | op::SETITEMS
            | op::ADDITEMS => self.container(cx, op),
            op::GLOBAL
            | op::STACK_GLOBAL
            | op::EXT1
            | op::EXT2
            | op::EXT4
            | op::PERSID
            | op::BINPERSID
            | op::INST
            | op::OBJ
            | op::NEWOBJ
            | op::NEWOBJ_EX
            | op::REDUCE
            | op::BUILD => self.object(cx, op),
            _ => {
                let v = self.atom(cx, op)?;
                self.stack.push(cx, v)
            }
        }
    }

    fn get(&mut self, cx: &mut Cx, n: usize) -> Completion<()> {
        match memo::get(cx, self.unpickler, n)? {
            Some(v) => self.stack.push(cx, v),
            None => Err(not_found(cx, n as i64)),
        }
    }

    fn put(&mut self, cx: &mut Cx, n: usize) -> Completion<()> {
        let v = self.stack.top(cx)?;
        memo::put(cx, self.unpickler, n, v)
    }

    /// The number in a line.
    fn line_index(&mut self, cx: &mut Cx) -> Completion<i64> {
        let line = self.input.text_line(cx)?;
        let v = super::atoms::int_in(cx, line)?;
        protocol::index_i64(cx, v)
    }

    fn put_line(&mut self, cx: &mut Cx) -> Completion<()> {
        let line = self.input.text_line(cx)?;
        self.stack.top(cx)?;
        let v = super::atoms::int_in(cx, line)?;
        match usize::try_from(protocol::index_i64(cx, v)?) {
            Ok(n) => self.put(cx, n),
            Err(_) => raise!(cx, ValueError, "negative PUT argument"),
        }
    }

    fn proto(&mut self, cx: &mut Cx) -> Completion<()> {
        let [n] = self.input.array(cx)?;
        if n > HIGHEST_PROTOCOL {
            return raise!(cx, ValueError, "unsupported pickle protocol: {n}");
        }
        cx.set(self.unpickler, super::PROTO, Value::small(n.into()))
    }
}

#[cold]
fn not_found(cx: &mut Cx, n: i64) -> taipan_objects::Escape {
    errors::unpickling(cx, &format!("Memo value not found at index {n}"))
}
