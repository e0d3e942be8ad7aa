//! THE opcode table, and the machine its instructions run on.
//!
//! One list, `for_each_op!`, expands to the [`Op`] enum, names, operand kinds and effects; the verifier
//! and disassembler work from those, and the virtual machine builds its dispatch from the same list.
//!
//! # The machine
//!
//! - **Registers.** One contiguous stack of 64-bit values per thread; each frame sees a window starting at
//!   its `base`. `r0 ..` are the parameters, in the order positional-only, positional-or-keyword,
//!   keyword-only, `*args`, `**kwargs` (`n_params` in all), then the other locals and cells up to
//!   `n_locals`, then temporaries up to `n_regs`. On entry the machine sets `n_params .. n_locals` to UNBOUND;
//!   temporaries start with whatever is there and are never read before they are written.
//! - **Wide locals.** A function with more variables than byte operands can name keeps the surplus in one
//!   array object held in a register (`MakeWide`, `LoadWide`, `StoreWide`).
//! - **UNBOUND** is a value no program can see. Reading a local that may be unbound is preceded by `CheckBound`
//!   (left out where the compiler proves it bound); no other op receives UNBOUND unless its text says so.
//! - **Frame header.** Four words directly under a frame's `r0`: the called function, then three for the
//!   machine (return pc, caller's base and destination, bookkeeping). The callee's window overlaps the
//!   caller's temporaries: no argument is copied. Registers above a call's window are dead during the call.
//! - **Namespace code.** Module, `exec`, `eval` and class-body units (flag `NAMESPACE`) receive the mapping of
//!   their locals in `r0` (`n_params` is 1). For a module that is the globals dict itself, and the machine
//!   should then treat `LoadName` and its kin as their global counterparts.
//! - **Generators.** `StartGen` is the first instruction of generators, coroutines and async
//!   generators: the plain call path needs no test of flags. A `StopIteration` that leaves such a frame becomes
//!   RuntimeError `generator raised StopIteration` (`coroutine raised ...`, `async generator raised ...`,
//!   and StopAsyncIteration for the latter): the machine does this, there is no code for it.
//! - **Cells** are heap objects in registers. `MakeCell` wraps a parameter or local in place; `CopyFree` puts
//!   the function's closure cells into registers. Ops on cells name the register that holds the cell.
//! - **Exceptions.** No block stack: when an op raises at pc `p`, the first entry of `exceptions` with
//!   `start <= p < end` gives the handler's pc and the register that receives the exception. Entries are ordered
//!   innermost first. The machine adds the frame to the traceback before it looks (not for `Reraise` and
//!   `RaiseCurrent`). It touches no other register and does not change the handled exception.
//! - **Handled exception** (`sys.exception()`): one slot per thread and one per generator, coroutine or async generator;
//!   a generator's slot is linked in front of its resumer's while it runs, and an empty slot shows the
//!   next one. `PushExc` and `PopExc` save and restore the top slot in a register, and compiled code pairs
//!   them on every way out. A new exception's `__context__` is the exception handled when it is raised.
//! - **Sites.** `Site` and `Cache` operands index `sites`: one inline cache each, kept in a
//!   table beside the code, per thread. A named site also gives the attribute's or variable's name.
//! - **Transactions** may be cut only at ops whose effects include `safepoint`.
//!
//! # Encoding
//!
//! Eight bytes: `op, a, b, c, imm: i32`. Operands fill `a`, `b`, `c` in the order listed, except the
//! one wide kind, which is `imm` (see [`Kind::is_wide`]). A jump counts from the next instruction: 0 falls through.
//!
//! Arithmetic and bitwise ops on two registers carry `imm` = 1 when written as `x op= y` (the slow path
//! then tries `__iadd__` and so on first and names the operator `+=` in its TypeError), else 0.
//!
//! Terms: "window of n at w" is registers `w, w+1, ... w+n-1`.

use crate::code::operand::{Effect, Kind};

/// Hands every instruction, in encoding order, to `$m`.
#[macro_export]
macro_rules! for_each_op {
    ($m:ident) => { $m! {
        // ---- moves and constants ------------------------------------------------------------
        /// Does nothing; may carry a line.
        Nop {} [];
        /// `dst = src`. The only op, with `MakeWide`, `StoreWide` and `BuildTuple`, that may also move UNBOUND or cells.
        Move { dst: Dst, src: Src } [];
        /// `dst = consts[k]`.
        LoadConst { dst: Dst, k: Const } [];
        /// `dst = ` the int `value`.
        LoadInt { dst: Dst, value: Int } [];
        /// `dst = None`.
        LoadNone { dst: Dst } [];
        /// `dst = True`.
        LoadTrue { dst: Dst } [];
        /// `dst = False`.
        LoadFalse { dst: Dst } [];
        /// `dst = UNBOUND`.
        LoadUnbound { dst: Dst } [];
        /// UnboundLocalError `cannot access local variable 'name' where it is not associated with a value` if
        /// `src` is UNBOUND.
        CheckBound { src: Src, name: Name } [Raises];
        /// As `CheckBound`, then `var = UNBOUND`: the `del` statement on a local.
        DelLocal { var: Mut, name: Name } [Raises];

        // ---- wide locals ----------------------------------------------------------------------
        /// `dst =` a new array of `n_wide` slots; the first `params` are moved from `r0 ..` (which may go
        /// beyond 255), the others are UNBOUND. First instruction if there is one (after `StartGen`).
        MakeWide { dst: Dst, params: Count } [];
        /// `dst = array[index]`, perhaps UNBOUND or a cell.
        LoadWide { dst: Dst, array: Src, index: Count } [Reads];
        /// `array[index] = src`, perhaps UNBOUND or a cell.
        StoreWide { array: Src, src: Src, index: Count } [Writes];

        // ---- cells ----------------------------------------------------------------------------
        /// `var =` a new cell holding `var`'s value, which may be UNBOUND.
        MakeCell { var: Mut } [];
        /// Copies the running function's closure cells, `n` of them, to the window at `first`.
        CopyFree { first: Win, n: Count } [];
        /// `dst = closure[index]` of the running function: the cell itself.
        LoadFreeCell { dst: Dst, index: Count } [];
        /// `dst =` content of the cell. If it is empty: `own` = 1 raises UnboundLocalError as `CheckBound` does, `own` = 0
        /// NameError `cannot access free variable 'name' where it is not associated with a value in
        /// enclosing scope`.
        LoadDeref { dst: Dst, cell: Src, own: Byte, name: Name } [Reads, Raises];
        /// Content of the cell `= src`, which may be UNBOUND.
        StoreDeref { cell: Src, src: Src } [Writes];
        /// Empties the cell; errors as `LoadDeref` if it was empty.
        DelDeref { cell: Src, own: Byte, name: Name } [Reads, Writes, Raises];
        /// Class scope: `dst = ns[name]` if the mapping `ns` has it, else the content of the cell (error as
        /// `LoadDeref` with `own` = 0).
        LoadDictOrDeref { dst: Dst, ns: Src, cell: Src, name: Name } [Reads, Calls, Raises];

        // ---- globals and namespaces -----------------------------------------------------------
        /// `dst =` global or builtin; NameError `name 'x' is not defined`.
        LoadGlobal { dst: Dst, site: Site } [Reads, Raises];
        /// Sets a global.
        StoreGlobal { src: Src, site: Site } [Writes, Raises];
        /// Deletes a global; NameError if it is not there.
        DelGlobal { site: Site } [Writes, Raises];
        /// `dst =` the name in the mapping `ns`, else global, else builtin. `ns` need not be a dict.
        LoadName { dst: Dst, ns: Src, site: Site } [Reads, Calls, Raises];
        /// `ns[name] = src`.
        StoreName { ns: Src, src: Src, site: Site } [Writes, Calls, Raises];
        /// `del ns[name]`; NameError if it is not there.
        DelName { ns: Src, site: Site } [Writes, Calls, Raises];
        /// `dst = builtins.__build_class__`.
        LoadBuildClass { dst: Dst } [Reads, Raises];
        /// If `ns` has no `__annotations__`, sets it to a new dict.
        SetupAnnotations { ns: Src } [Writes, Calls, Raises];

        // ---- arithmetic (imm 1 = in place) ----------------------------------------------------
        /// `dst = x + y`.
        Add { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x - y`.
        Sub { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x * y`.
        Mul { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x / y`.
        TrueDiv { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x // y`.
        FloorDiv { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x % y`.
        Mod { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x ** y`.
        Pow { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x @ y`.
        MatMul { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x << y`.
        Shl { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x >> y`.
        Shr { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x & y`.
        And { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x | y`.
        Or { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x ^ y`.
        Xor { dst: Dst, x: Src, y: Src, inplace: Count } [Reads, Writes, Calls, Raises];
        /// `dst = x + value`; `inplace` 1 for `x += value`.
        AddI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = x - value`.
        SubI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = x * value`.
        MulI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = x // value`; `value` is not 0.
        FloorDivI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = x % value`; `value` is not 0.
        ModI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = x & value`.
        AndI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = x << value`; `value` is in 0 ..= 63.
        ShlI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = x >> value`; `value` is in 0 ..= 63.
        ShrI { dst: Dst, x: Src, inplace: Byte, value: Int } [Reads, Writes, Calls, Raises];
        /// `dst = -x`.
        Neg { dst: Dst, x: Src } [Reads, Calls, Raises];
        /// `dst = +x`.
        Pos { dst: Dst, x: Src } [Reads, Calls, Raises];
        /// `dst = ~x`.
        Invert { dst: Dst, x: Src } [Reads, Calls, Raises];
        /// `dst = not x`, by truth value.
        Not { dst: Dst, x: Src } [Reads, Calls, Raises];

        // ---- comparisons ------------------------------------------------------------------------
        /// `dst = x < y`: whatever `__lt__` gives, not necessarily a bool.
        Lt { dst: Dst, x: Src, y: Src } [Reads, Calls, Raises];
        /// `dst = x <= y`.
        Le { dst: Dst, x: Src, y: Src } [Reads, Calls, Raises];
        /// `dst = x == y`.
        Eq { dst: Dst, x: Src, y: Src } [Reads, Calls, Raises];
        /// `dst = x != y`.
        Ne { dst: Dst, x: Src, y: Src } [Reads, Calls, Raises];
        /// `dst = x > y`.
        Gt { dst: Dst, x: Src, y: Src } [Reads, Calls, Raises];
        /// `dst = x >= y`.
        Ge { dst: Dst, x: Src, y: Src } [Reads, Calls, Raises];
        /// `dst = x is y`.
        Is { dst: Dst, x: Src, y: Src } [];
        /// `dst = x is not y`.
        IsNot { dst: Dst, x: Src, y: Src } [];
        /// `dst = item in container`, a bool.
        In { dst: Dst, item: Src, container: Src } [Reads, Calls, Raises];
        /// `dst = item not in container`, a bool.
        NotIn { dst: Dst, item: Src, container: Src } [Reads, Calls, Raises];

        // ---- jumps ------------------------------------------------------------------------------
        /// Goes forward by `to`.
        Jump { to: Jump } [Ends];
        /// Goes back by `to` (negative): a loop edge.
        JumpBack { to: Jump } [Safepoint, Ends];
        /// Forward jump if `src` is true (`__bool__`, `__len__`).
        JumpIf { src: Src, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `src` is false.
        JumpIfNot { src: Src, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `src` is None.
        JumpIfNone { src: Src, to: Jump } [];
        /// Forward jump if `src` is not None.
        JumpIfNotNone { src: Src, to: Jump } [];
        /// Forward jump if `(x is y) == sense`.
        JumpIs { x: Src, y: Src, sense: Sense, to: Jump } [];
        /// Forward jump if `bool(item in container) == sense`.
        JumpIn { item: Src, container: Src, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x < y) == sense`. The sense matters: `not x < y` is not `x >= y`.
        JumpLt { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x <= y) == sense`.
        JumpLe { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x == y) == sense`.
        JumpEq { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x != y) == sense`.
        JumpNe { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x > y) == sense`.
        JumpGt { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x >= y) == sense`.
        JumpGe { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x < y) == sense` for the int `y`.
        JumpLtI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x <= y) == sense` for the int `y`.
        JumpLeI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x == y) == sense` for the int `y`.
        JumpEqI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x != y) == sense` for the int `y`.
        JumpNeI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x > y) == sense` for the int `y`.
        JumpGtI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// Forward jump if `bool(x >= y) == sense` for the int `y`.
        JumpGeI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises];
        /// `JumpIf` backwards: a loop edge (`to` is negative).
        LoopIf { src: Src, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpIfNot` backwards.
        LoopIfNot { src: Src, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpIfNone` backwards.
        LoopIfNone { src: Src, to: Jump } [Safepoint];
        /// `JumpIfNotNone` backwards.
        LoopIfNotNone { src: Src, to: Jump } [Safepoint];
        /// `JumpIs` backwards.
        LoopIs { x: Src, y: Src, sense: Sense, to: Jump } [Safepoint];
        /// `JumpIn` backwards.
        LoopIn { item: Src, container: Src, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpLt` backwards.
        LoopLt { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpLe` backwards.
        LoopLe { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpEq` backwards.
        LoopEq { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpNe` backwards.
        LoopNe { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpGt` backwards.
        LoopGt { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpGe` backwards.
        LoopGe { x: Src, y: Src, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpLtI` backwards.
        LoopLtI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpLeI` backwards.
        LoopLeI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpEqI` backwards.
        LoopEqI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpNeI` backwards.
        LoopNeI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpGtI` backwards.
        LoopGtI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];
        /// `JumpGeI` backwards.
        LoopGeI { x: Src, y: I8, sense: Sense, to: Jump } [Reads, Calls, Raises, Safepoint];

        // ---- iteration --------------------------------------------------------------------------
        /// `dst = iter(src)`; TypeError `'X' object is not iterable`.
        GetIter { dst: Dst, src: Src } [Reads, Calls, Raises];
        /// Bottom of a `for` loop. If the iterator has a next item: `dst` = item and go back by `to`
        /// (negative: the loop edge). If it is exhausted: fall through, `dst` unchanged.
        ForIter { dst: Dst, iter: Src, to: Jump } [Reads, Writes, Calls, Raises, Safepoint];

        // ---- attributes and items -----------------------------------------------------------------
        /// `dst = obj.name`. Runs descriptors and `__getattr__`.
        LoadAttr { dst: Dst, obj: Src, site: Site } [Reads, Calls, Raises];
        /// `obj.name = src`.
        StoreAttr { obj: Src, src: Src, site: Site } [Writes, Calls, Raises];
        /// `del obj.name`.
        DelAttr { obj: Src, site: Site } [Writes, Calls, Raises];
        /// Method for `CallMethod`. If the lookup finds a plain function (or method descriptor) on the
        /// class: `base` = that function, `base+4` = `obj`. Else `base` = `obj.name` and `base+4` =
        /// UNBOUND.
        LoadMethod { base: Win, obj: Src, site: Site } [Reads, Calls, Raises];
        /// Looks `which` up on `obj`'s type, as methods are: `func` = function and `this` = `obj`, or `func` = bound
        /// callable and `this` = UNBOUND.
        LoadSpecial { func: Dst, this: Dst, obj: Src, which: Special } [Reads, Calls, Raises];
        /// `dst = super(...).name`. Window of 3 at `args`: the value of the name `super`, the class (`__class__`
        /// cell's content), the first argument. If the value is the builtin `super`, no super object need
        /// be made; otherwise call it with no arguments and take the attribute.
        LoadSuperAttr { dst: Dst, args: Win, site: Site } [Reads, Calls, Raises];
        /// As `LoadSuperAttr`, leaving what `LoadMethod` leaves in `base` and `base+4`.
        LoadSuperMethod { base: Win, args: Win, site: Site } [Reads, Calls, Raises];
        /// `dst = obj[key]`. A class object may answer with `__class_getitem__`.
        LoadItem { dst: Dst, obj: Src, key: Src } [Reads, Calls, Raises];
        /// `dst = obj[key]` for an int key.
        LoadItemI { dst: Dst, obj: Src, key: Int } [Reads, Calls, Raises];
        /// `obj[key] = src`.
        StoreItem { obj: Src, key: Src, src: Src } [Writes, Calls, Raises];
        /// `obj[key] = src` for an int key.
        StoreItemI { obj: Src, src: Src, key: Int } [Writes, Calls, Raises];
        /// `del obj[key]`.
        DelItem { obj: Src, key: Src } [Writes, Calls, Raises];
        /// `dst = obj[lo:hi]`, window of 2 at `bounds` = lo, hi (None where absent). Same as a
        /// slice object with step None, which need not be made for list, tuple, str, bytes.
        LoadSlice { dst: Dst, obj: Src, bounds: Win } [Reads, Calls, Raises];
        /// `obj[lo:hi] = src`, window of 2 at `bounds`.
        StoreSlice { obj: Src, bounds: Win, src: Src } [Writes, Calls, Raises];

        // ---- calls ----------------------------------------------------------------------------------
        /// Calls `base` with the `nargs` positional arguments at `base+4 ..`; `dst` = result. `base+1 .. base+3` are the
        /// frame header's; the callee's `r0` is `base+4`. The window is dead afterwards.
        Call { dst: Dst, base: Win, nargs: Byte, cache: Cache } [Reads, Writes, Calls, Raises, Safepoint];
        /// Like `Call`; the last `len(consts[names])` of the `nargs` values are keyword arguments with those names.
        CallKw { dst: Dst, base: Win, nargs: Byte, names: Const } [Reads, Writes, Calls, Raises, Safepoint];
        /// Calls `base` with the iterable `base+4` as positional arguments (list or tuple mostly;
        /// else TypeError `Value after * must be an iterable, not X` with the function's name in
        /// front) and `base+5` as keyword arguments: a dict made for this call, or UNBOUND.
        CallEx { dst: Dst, base: Win } [Reads, Writes, Calls, Raises, Safepoint];
        /// After `LoadMethod` or `LoadSpecial`. `base` = callable, `base+4` = self or UNBOUND, `nargs` positional
        /// arguments at `base+5 ..` (self not counted). If self is UNBOUND the callee's `r0` is `base+5` and
        /// its header `base+1 .. base+4` (the callable moves up); else `r0` is `base+4`.
        CallMethod { dst: Dst, base: Win, nargs: Byte, cache: Cache } [Reads, Writes, Calls, Raises, Safepoint];
        /// `CallMethod` with keyword arguments, as `CallKw`.
        CallMethodKw { dst: Dst, base: Win, nargs: Byte, names: Const } [Reads, Writes, Calls, Raises, Safepoint];
        /// Leaves the frame with the value `src`.
        Return { src: Src } [Safepoint, Ends];
        /// `Return` of a generator, coroutine or async generator: it is finished, its resumer sees
        /// StopIteration(`src`) (StopAsyncIteration for an async generator, whose `src` is None).
        GenReturn { src: Src } [Writes, Safepoint, Ends];

        // ---- generators and coroutines ------------------------------------------------------------
        /// First instruction of a generator, coroutine or async generator (by the unit's flags): moves the frame
        /// into a new object of that kind, suspended before the next instruction, and returns the object
        /// to the caller. Only parameters are live at this point.
        StartGen {} [Writes, Safepoint];
        /// Generator: suspends, handing `src` to the resumer; when resumed `dst` = the value sent
        /// (None for `next`), or the exception thrown in is raised here. `close()` throws GeneratorExit.
        Yield { dst: Dst, src: Src } [Writes, Raises, Safepoint];
        /// The same in an async generator, where it ends the current `__anext__`/`asend` step with
        /// value `src` (yields passed on by `Delegate` do not).
        AsyncYield { dst: Dst, src: Src } [Writes, Raises, Safepoint];
        /// `yield from` and `await`: drives the iterator `iter` to its end. Executed with `val` = value to send (None at
        /// first). Sends it (`__next__` if None and not a generator or coroutine, else `send`). If that gives a value: suspend
        /// handing it to the resumer, with this same instruction as resume point; on resume `val` = the
        /// value sent, and it runs again. If it ends with StopIteration: `dst` = its value, go on after this
        /// instruction. `throw()` and `close()` on a frame suspended here go to `iter` first (its `throw`/`close` if it
        /// has one), as in PEP 380; a StopIteration out of that `throw` also gives `dst` and goes on.
        /// `gi_yieldfrom`, `cr_await`, `ag_await` are `iter` while suspended here.
        Delegate { dst: Dst, iter: Src, val: Mut } [Reads, Writes, Calls, Raises, Safepoint];
        /// `dst =` iterator for `yield from src`: generators as they are, a coroutine only inside a coroutine
        /// (TypeError `cannot 'yield from' a coroutine object in a non-coroutine generator`), else `iter(src)`.
        GetYieldFromIter { dst: Dst, src: Src } [Reads, Calls, Raises];
        /// `dst =` iterator for `await src`. `place`: 0 `await`, 1 result of `__aenter__`, 2 of `__aexit__`, which
        /// changes the TypeError text (`'async with' received an object from __aenter__ that does not
        /// implement __await__: X`). A coroutine already awaited: RuntimeError `coroutine is being awaited already`.
        GetAwaitable { dst: Dst, src: Src, place: Byte } [Reads, Calls, Raises];
        /// `dst = src.__aiter__()` for `async for`, checked to have `__anext__`.
        GetAIter { dst: Dst, src: Src } [Reads, Calls, Raises];
        /// `dst =` awaitable iterator of `iter.__anext__()`.
        GetANext { dst: Dst, iter: Src } [Reads, Calls, Raises];
        /// In the handler of an `async for` step: if `exc` is a StopAsyncIteration go by `to`, else reraise it
        /// as `Reraise` does.
        EndAsyncFor { exc: Src, to: Jump } [Raises, Ends];

        // ---- building -----------------------------------------------------------------------------
        /// `dst =` tuple of the window of `n` at `items`. May hold cells (closures).
        BuildTuple { dst: Dst, items: Win, n: Count } [];
        /// `dst =` new list of the window of `n` at `items`.
        BuildList { dst: Dst, items: Win, n: Count } [];
        /// `dst =` new set of the window of `n` at `items`.
        BuildSet { dst: Dst, items: Win, n: Count } [Reads, Calls, Raises];
        /// `dst =` new dict of the window of `2n` at `items`: key, value, key, value, ...
        BuildMap { dst: Dst, items: Win, n: Count } [Reads, Calls, Raises];
        /// `dst = slice(start, stop, step)`, window of 3 at `parts`.
        BuildSlice { dst: Dst, parts: Win } [];
        /// `dst =` concatenation of the window of `n` strings at `parts`.
        BuildString { dst: Dst, parts: Win, n: Count } [];
        /// Appends `item` to `list`, which is a list under construction.
        ListAppend { list: Src, item: Src } [Writes];
        /// Extends the list under construction; TypeError `Value after * must be an iterable, not X`.
        ListExtend { list: Src, src: Src } [Reads, Writes, Calls, Raises];
        /// `dst = tuple(list)` of a list under construction, which is dead afterwards.
        ListToTuple { dst: Dst, list: Src } [];
        /// Adds `item` to the set under construction.
        SetAdd { set: Src, item: Src } [Writes, Calls, Raises];
        /// Adds every item of `src` to the set under construction.
        SetUpdate { set: Src, src: Src } [Reads, Writes, Calls, Raises];
        /// `map[key] = value` in a dict under construction.
        MapAdd { map: Src, key: Src, value: Src } [Writes, Calls, Raises];
        /// `{**src}`: updates the dict under construction; TypeError `'X' object is not a mapping`.
        DictUpdate { map: Src, src: Src } [Reads, Writes, Calls, Raises];
        /// `f(**src)`: like `DictUpdate`, but a repeated key is TypeError `f() got multiple values for keyword argument
        /// 'k'`, and a non-mapping `f() argument after ** must be a mapping, not X`; `func` is for the texts.
        DictMerge { map: Src, src: Src, func: Src } [Reads, Writes, Calls, Raises];
        /// `dst =` str of `src` converted by `conv` (see `operand::conversion`) and formatted with an
        /// empty spec. A str stays itself.
        FormatSimple { dst: Dst, src: Src, conv: Byte } [Reads, Calls, Raises];
        /// The same with the format spec in register `spec`; `conv` is in imm.
        FormatSpec { dst: Dst, src: Src, spec: Src, conv: Count } [Reads, Calls, Raises];
        /// `dst = ` str of `src` converted by `conv`, not formatted.
        Convert { dst: Dst, src: Src, conv: Byte } [Reads, Calls, Raises];
        /// `dst =` `string.templatelib.Interpolation`. Window of 3 at `parts`: value, expression text, format spec
        /// (`''` if absent). The conversion is only recorded (None, 's', 'r', 'a').
        BuildInterpolation { dst: Dst, parts: Win, conv: Byte } [];
        /// `dst =` `string.templatelib.Template` of a tuple of n+1 strings and a tuple of n interpolations.
        BuildTemplate { dst: Dst, strings: Src, interpolations: Src } [];

        // ---- unpacking ----------------------------------------------------------------------------
        /// Unpacks exactly `n` items of `src` into the window of `n` at `items`. Errors: TypeError `cannot unpack
        /// non-iterable X object`, ValueError `not enough values to unpack (expected n, got m)`, `too many
        /// values to unpack (expected n)` (3.14 adds `, got m` for list, tuple, dict). An error leaves the window as it was.
        Unpack { items: Win, src: Src, n: Count } [Reads, Calls, Raises];
        /// `a, *b, c = src`: window of `before + 1 + after`, the middle one a new list. `after` is imm.
        /// ValueError `not enough values to unpack (expected at least k, got m)`.
        UnpackStar { items: Win, src: Src, before: Byte, after: Count } [Reads, Calls, Raises];
        /// As `Unpack`, with the items in one tuple `dst` (for counts that registers cannot hold).
        UnpackTuple { dst: Dst, src: Src, n: Count } [Reads, Calls, Raises];
        /// As `UnpackStar`, with the `before + 1 + after` results in one tuple `dst`.
        UnpackStarTuple { dst: Dst, src: Src, before: Byte, after: Count } [Reads, Calls, Raises];

        // ---- functions, imports -------------------------------------------------------------------
        /// `dst =` function of `consts[code]` with the running frame's globals. `flags` (`operand::make_function`) says which
        /// parts lie, in flag order without gaps, in the window at `parts`.
        MakeFunction { dst: Dst, parts: Win, flags: Byte, code: Code } [Reads];
        /// `dst = __import__(name, globals, locals, fromlist, level)` (`builtins.__import__`).
        ImportName { dst: Dst, fromlist: Src, level: Byte, name: Name } [Reads, Writes, Calls, Raises, Safepoint];
        /// `dst =` attribute `name` of `module`, else `sys.modules[module.__name__ + '.' + name]`, else ImportError `cannot
        /// import name 'x' from 'm' (path)`.
        ImportFrom { dst: Dst, module: Src, name: Name } [Reads, Calls, Raises];
        /// `from module import *` into the mapping `ns`.
        ImportStar { ns: Src, module: Src } [Reads, Writes, Calls, Raises];

        // ---- exceptions ---------------------------------------------------------------------------
        /// Entering a handler: `saved =` content of the top handled-exception slot (None if empty), slot `= exc`.
        PushExc { saved: Dst, exc: Src } [];
        /// Leaving a handler: top handled-exception slot `= saved`.
        PopExc { saved: Src } [];
        /// Forward jump if `exc` does not match `class` (a class or a tuple of them, nested ones too); TypeError `catching classes
        /// that do not inherit from BaseException is not allowed` for anything else.
        JumpIfNoMatch { exc: Src, class: Src, to: Jump } [Reads, Calls, Raises];
        /// `except*`: splits the group `rest` by `class`: `matched` = the matching part or None, `rest` = the
        /// remainder or None. A naked exception that matches is wrapped in a group. Checks `class` first (TypeErrors as
        /// CPython's for non-exceptions and for ExceptionGroup itself). `rest` None gives None.
        SplitGroup { matched: Dst, rest: Mut, class: Src } [Reads, Calls, Raises];
        /// End of `except*`: `dst =` exception to raise, or None. `orig` = the exception caught, `raised` = list of exceptions raised
        /// by the handlers and of the unhandled rest (items may be None). A single one that is not part of `orig` is
        /// raised as it is, not in a group.
        PrepReraiseStar { dst: Dst, orig: Src, raised: Src } [Reads, Calls, Raises];
        /// `raise exc`: a class is called first; anything not an exception is TypeError `exceptions must derive from
        /// BaseException`.
        Raise { exc: Src } [Calls, Raises, Ends];
        /// `raise exc from cause`.
        RaiseFrom { exc: Src, cause: Src } [Calls, Raises, Ends];
        /// `raise` alone: the handled exception again with its traceback as it is, or RuntimeError `No active exception to
        /// reraise`.
        RaiseCurrent {} [Raises, Ends];
        /// Raises `exc` again, adding nothing to its traceback or context.
        Reraise { exc: Src } [Raises, Ends];
        /// Window of 3 at `args` = `type(exc), exc, exc.__traceback__`: arguments of `__exit__`.
        ExcInfo { args: Win, exc: Src } [Reads];
        /// `dst = AssertionError`, the builtin class whatever the name means now.
        LoadAssertionError { dst: Dst } [];

        // ---- match --------------------------------------------------------------------------------
        /// `dst = len(src)`.
        GetLen { dst: Dst, src: Src } [Reads, Calls, Raises];
        /// `dst =` does the type of `src` have the sequence flag (list, tuple, range, ... not str, bytes)?
        MatchSequence { dst: Dst, src: Src } [Reads];
        /// `dst =` does the type of `src` have the mapping flag?
        MatchMapping { dst: Dst, src: Src } [Reads];
        /// `dst =` tuple of the values of `subject` under the keys in tuple `keys` (looked up with `get` and a
        /// sentinel), or None if one is missing. ValueError `mapping pattern checks duplicate key (k)`.
        MatchKeys { dst: Dst, subject: Src, keys: Src } [Reads, Calls, Raises];
        /// Class pattern. Window of 3 at `parts`: subject, class, tuple of keyword attribute names. `npos` positional subpatterns
        /// (via `__match_args__`; int, str, ... match themselves). `dst` = tuple of attribute values, positional
        /// first, or None. TypeErrors as CPython (`called match pattern must be a class`, ...).
        MatchClass { dst: Dst, parts: Win, npos: Count } [Reads, Calls, Raises];
        /// `dst = dict(src)` without the keys in tuple `keys` (`case {..., **rest}`).
        MatchRest { dst: Dst, src: Src, keys: Src } [Reads, Calls, Raises];

        // ---- the rest -----------------------------------------------------------------------------
        /// Rare operations, one per `operand::Intrinsic`.
        Intrinsic { dst: Dst, x: Src, y: Src, which: Intrinsic } [Reads, Writes, Calls, Raises];
    } };
}

macro_rules! define_ops {
    ($($(#[doc = $doc:literal])* $name:ident { $($field:ident : $kind:ident),* } [$($effect:ident),*];)*) => {
        /// An operation; the number is the first byte of an instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op { $($(#[doc = $doc])* $name,)* }

        impl Op {
            /// Every op, in encoding order.
            pub const ALL: &'static [Op] = &[$(Op::$name,)*];

            /// The op's name as written in the table.
            pub const fn name(self) -> &'static str {
                match self { $(Op::$name => stringify!($name),)* }
            }

            /// The operands in order: name and kind.
            pub const fn operands(self) -> &'static [(&'static str, Kind)] {
                match self { $(Op::$name => &[$((stringify!($field), Kind::$kind),)*],)* }
            }

            /// What running the op can do.
            pub const fn effects(self) -> &'static [Effect] {
                match self { $(Op::$name => &[$(Effect::$effect,)*],)* }
            }
        }
    };
}

for_each_op!(define_ops);

impl Op {
    /// The op with this number.
    pub fn from_u8(number: u8) -> Option<Op> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Can the op have this effect?
    pub fn has(self, effect: Effect) -> bool {
        self.effects().contains(&effect)
    }

    /// Is `imm` a jump distance?
    pub fn jumps(self) -> bool {
        self.operands().iter().any(|&(_, kind)| kind == Kind::Jump)
    }

    /// The op that does the same jump as a loop edge, if there is one.
    pub fn backward(self) -> Option<Op> {
        let (jump, back) = (Op::JumpIf as u8, Op::LoopIf as u8);
        match self {
            Op::Jump => Some(Op::JumpBack),
            _ if (jump..back).contains(&(self as u8)) => Op::from_u8(self as u8 - jump + back),
            _ => None,
        }
    }
}

/// One instruction, eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Instr {
    /// What to do.
    pub op: Op,
    /// First byte operand.
    pub a: u8,
    /// Second byte operand.
    pub b: u8,
    /// Third byte operand.
    pub c: u8,
    /// The wide operand.
    pub imm: i32,
}

impl Instr {
    /// An instruction from its fields.
    pub const fn new(op: Op, a: u8, b: u8, c: u8, imm: i32) -> Self {
        Instr { op, a, b, c, imm }
    }

    /// Each operand's name, kind and value, in order. Register numbers and bytes are zero-extended, `I8` sign-extended.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, Kind, i32)> + use<> {
        let this = *self;
        let mut bytes = [this.a, this.b, this.c].into_iter();
        this.op.operands().iter().map(move |&(name, kind)| {
            let value = if kind.is_wide() {
                this.imm
            } else {
                let byte = bytes.next().unwrap_or(0);
                if kind == Kind::I8 { i32::from(byte as i8) } else { i32::from(byte) }
            };
            (name, kind, value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_eight_bytes_and_operands_fit() {
        assert_eq!(size_of::<Instr>(), 8);
        for &op in Op::ALL {
            let wide = op.operands().iter().filter(|(_, kind)| kind.is_wide()).count();
            assert!(wide <= 1, "{} has two wide operands", op.name());
            assert!(op.operands().len() - wide <= 3, "{} has too many byte operands", op.name());
        }
    }

    #[test]
    fn every_forward_jump_has_its_loop_edge() {
        for &op in Op::ALL {
            if let Some(back) = op.backward() {
                assert_eq!(op.operands(), back.operands());
                assert!(back.has(Effect::Safepoint));
                assert_eq!(
                    op.name().strip_prefix("Jump"),
                    match back {
                        Op::JumpBack => Some(""),
                        _ => back.name().strip_prefix("Loop"),
                    }
                );
            }
        }
    }
}
