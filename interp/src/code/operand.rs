//! What the fields of an instruction mean: registers, tables and the small enums behind numbers.
//!
//! An instruction has three byte fields `a`, `b`, `c` and one 32-bit field `imm`. The opcode table
//! lists each op's operands in order; byte-sized kinds fill `a`, `b`, `c` in that order, and the one
//! wide kind, if there is one, is `imm`. [`Kind::is_wide`] is the only place that knows which is which.

/// The kind of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Register that is written.
    Dst,
    /// Register that is read.
    Src,
    /// Register that is read, then written.
    Mut,
    /// First register of a run; the op's text says how long the run is and what is in it.
    Win,
    /// Unsigned byte with a meaning given by the op.
    Byte,
    /// Signed byte: a small integer.
    I8,
    /// 1: jump if the condition is true; 0: jump if it is false.
    Sense,
    /// Index into `consts`.
    Const,
    /// Index into `consts`; the constant is a string.
    Name,
    /// Index into `consts`; the constant is a code unit.
    Code,
    /// Index into `sites`: an attribute or global name with an inline cache.
    Site,
    /// Index into `sites` of a nameless cache (calls).
    Cache,
    /// Distance in instructions, counted from the instruction after this one.
    Jump,
    /// Signed 32-bit integer.
    Int,
    /// Count or packed numbers as the op says; never negative.
    Count,
    /// An [`Intrinsic`].
    Intrinsic,
    /// A [`Special`].
    Special,
}

impl Kind {
    /// Does this operand live in `imm` (otherwise in the next free byte field)?
    pub const fn is_wide(self) -> bool {
        matches!(
            self,
            Kind::Const
                | Kind::Name
                | Kind::Code
                | Kind::Site
                | Kind::Cache
                | Kind::Jump
                | Kind::Int
                | Kind::Count
                | Kind::Intrinsic
                | Kind::Special
        )
    }

    /// Is the operand a register number?
    pub const fn is_register(self) -> bool {
        matches!(self, Kind::Dst | Kind::Src | Kind::Mut | Kind::Win)
    }
}

/// What running an op can do, beyond reading and writing registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Reads shared mutable state.
    Reads,
    /// Writes shared mutable state.
    Writes,
    /// May run Python code (a special method, a descriptor, a called function).
    Calls,
    /// May raise.
    Raises,
    /// A transaction may end before or after it.
    Safepoint,
    /// Control never reaches the next instruction.
    Ends,
}

macro_rules! number_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value, in numeric order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The value with this number.
            pub fn from_imm(imm: i32) -> Option<Self> {
                Self::ALL.get(usize::try_from(imm).ok()?).copied()
            }
        }
    };
}

number_enum! {
    /// Which special method `LoadSpecial` looks up (on the type, never on the instance).
    Special {
        /// `__enter__`; a missing one raises TypeError `'X' object does not support the context
        /// manager protocol` (plus the asynchronous hint if it has `__aenter__`).
        Enter,
        /// `__exit__`; a missing one raises TypeError `'X' object does not support the context
        /// manager protocol (missed __exit__ method)`.
        Exit,
        /// `__aenter__`, for `async with`.
        AEnter,
        /// `__aexit__`, for `async with`.
        AExit,
    }
}

number_enum! {
    /// Rare operations of `Intrinsic { dst, x, y, which }`. Where `y` is not mentioned it is `x` again.
    Intrinsic {
        /// `sys.displayhook(x)`; `dst` is None.
        Print,
        /// TypeVar named `x`, no bound: `dst` gets it. Its module is the globals' `__name__`.
        TypeVar,
        /// TypeVar named `x` whose bound is computed on demand by calling function `y`
        /// (`__evaluate_bound__`), which takes a format number as `annotate` functions do.
        TypeVarWithBound,
        /// TypeVar named `x` whose constraints tuple is computed on demand by calling `y`.
        TypeVarWithConstraints,
        /// ParamSpec named `x`.
        ParamSpec,
        /// TypeVarTuple named `x`.
        TypeVarTuple,
        /// Gives the type parameter `x` the default that function `y` computes on demand
        /// (`__evaluate_default__`); `dst = x`.
        SetTypeParamDefault,
        /// `typing.Generic[*x]` for a tuple of type parameters `x` (a TypeVarTuple is unpacked).
        SubscriptGeneric,
        /// Sets `x.__type_params__ = y` on the function `x`; `dst = x`.
        SetFunctionTypeParams,
        /// `type` statement: `x` is the tuple (name, type parameters tuple or None, value function);
        /// `dst` is the TypeAliasType, whose value is computed on demand.
        TypeAlias,
        /// Sets `x.__annotations__` of function `x` from tuple `y` of alternating names and strings
        /// (`from __future__ import annotations`); `dst = x`.
        SetFunctionAnnotations,
        /// `dst = NotImplementedError`, the builtin class.
        NotImplementedError,
    }
}

/// Bits of `MakeFunction`'s flags byte, in the order in which the parts lie in its window.
pub mod make_function {
    /// A tuple of positional defaults is present.
    pub const DEFAULTS: u8 = 1;
    /// A dict of keyword-only defaults is present.
    pub const KWDEFAULTS: u8 = 2;
    /// An `__annotate__` function is present.
    pub const ANNOTATE: u8 = 4;
    /// A tuple of cells is present.
    pub const CLOSURE: u8 = 8;
}

/// Conversions of formatted values, in `FormatSimple`, `FormatSpec` and `BuildInterpolation`.
pub mod conversion {
    /// None.
    pub const NONE: u8 = 0;
    /// `!s`
    pub const STR: u8 = 1;
    /// `!r`
    pub const REPR: u8 = 2;
    /// `!a`
    pub const ASCII: u8 = 3;
}
