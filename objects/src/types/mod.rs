//! Builtin types, one file each: layout, method tables, conflict rules.
//!
//! [`T`] numbers the well-known classes; [`TypeDef`] declares a class implemented in Rust.

use crate::{
    heap::Kind,
    native::{GetSetDef, NativeDef},
};

pub mod buffer;
pub mod builtin_iters;
pub mod bytearray;
pub mod bytes;
pub mod bytes_iter;
pub mod bytes_methods;
pub mod callables;
pub mod codec;
pub mod complex_type;
mod construct;
pub mod descr;
pub mod dict;
pub mod exc_fields;
pub mod exc_group;
pub mod exception;
pub mod float_type;
pub mod generic_alias;
pub mod int;
pub mod int_new;
pub mod int_ops;
pub mod int_type;
pub mod list;
pub mod mappingproxy;
pub mod memoryview;
pub mod mro;
pub mod native_fn;
pub mod number;
pub mod object;
pub mod percent;
pub mod plain;
pub mod range;
pub mod range_iter;
pub mod seq_iter;
pub mod sequence;
pub mod set;
#[cfg(all(test, not(feature = "solo-only")))]
mod shared_tests;
pub mod singletons;
pub mod slice;
pub mod str;
pub mod str_format;
pub mod str_iter;
pub mod str_ops;
pub mod str_search;
mod str_shape;
pub mod str_type;
pub mod struct_value;
pub mod super_;
pub mod support;
pub mod template;
pub mod text_args;
#[cfg(test)]
mod text_tests;
pub mod tuple;
pub mod type_;
pub mod union;
pub mod wrappers;

/// All classes made when a world is created, bases before what derives from them. `object`, `type`, `str`, `tuple` and the
/// buffers come first of all and are only given their methods here.
pub const BUILTIN_TYPES: &[&TypeDef] = &[
    &str_type::STR,
    &tuple::TUPLE,
    &tuple::ITERATOR,
    &int_type::INT,
    &int_type::BOOL,
    &float_type::FLOAT,
    &complex_type::COMPLEX,
    &bytes::BYTES,
    &bytearray::BYTEARRAY,
    &memoryview::MEMORYVIEW,
    &list::LIST,
    &list::iter::ITERATOR,
    &list::iter::REVERSE_ITERATOR,
    &dict::DICT,
    &dict::views::KEYS,
    &dict::views::VALUES,
    &dict::views::ITEMS,
    &dict::iter::KEY_ITERATOR,
    &dict::iter::VALUE_ITERATOR,
    &dict::iter::ITEM_ITERATOR,
    &dict::iter::REVERSE_KEY_ITERATOR,
    &dict::iter::REVERSE_VALUE_ITERATOR,
    &dict::iter::REVERSE_ITEM_ITERATOR,
    &set::SET,
    &set::FROZENSET,
    &set::iter::ITERATOR,
    &builtin_iters::ENUMERATE,
    &builtin_iters::ZIP,
    &builtin_iters::MAP,
    &builtin_iters::FILTER,
    &builtin_iters::REVERSED,
    &builtin_iters::CALLABLE_ITERATOR,
    &seq_iter::ITERATOR,
    &range::RANGE,
    &range_iter::RANGE_ITERATOR,
    &range_iter::LONG_RANGE_ITERATOR,
    &slice::SLICE,
    &singletons::NONE_TYPE,
    &singletons::NOT_IMPLEMENTED_TYPE,
    &singletons::ELLIPSIS,
    &plain::FUNCTION,
    &callables::BUILTIN_FUNCTION,
    &callables::METHOD_DESCRIPTOR,
    &callables::WRAPPER_DESCRIPTOR,
    &callables::METHOD_WRAPPER,
    &callables::CLASSMETHOD_DESCRIPTOR,
    &callables::GETSET_DESCRIPTOR,
    &callables::MEMBER_DESCRIPTOR,
    &callables::METHOD,
    &wrappers::STATICMETHOD,
    &wrappers::CLASSMETHOD,
    &wrappers::PROPERTY,
    &super_::SUPER,
    &plain::MODULE,
    &plain::CELL,
    &plain::CODE,
    &plain::FRAME,
    &plain::TRACEBACK,
    &plain::GENERATOR,
    &plain::COROUTINE,
    &plain::ASYNC_GENERATOR,
    &mappingproxy::MAPPINGPROXY,
];

/// `__name__` of a module object as its namespace has it.
pub fn module_name(cx: &mut crate::cx::Cx, module: crate::heap::Obj) -> Option<String> {
    let d = module.raw(MODULE_DICT).obj()?;
    let name = cx.name(crate::names::N::name);
    let v = dict::get_item_name(cx, d, name).ok()?;
    str::text(v).map(ToOwned::to_owned)
}

/// Slot of a module's namespace (a dict).
pub const MODULE_DICT: usize = 2;

/// Declares the well-known classes.
macro_rules! well_known_types {
    ($($id:ident),* $(,)?) => {
        /// A well-known class; `cx.class(T::list)` is the class object.
        #[expect(non_camel_case_types, reason = "variants are spelled as the Python names they stand for")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum T {
            $(#[doc = stringify!($id)] $id),*
        }

        impl T {
            /// Number of well-known classes.
            pub const COUNT: usize = [$(stringify!($id)),*].len();
        }
    };
}

well_known_types! {
    object, type_, str, int, bool, float, complex, bytes, bytearray, memoryview, tuple, list, dict, set, frozenset,
    range, slice, NoneType, NotImplementedType, ellipsis, function, builtin_function_or_method, method_descriptor,
    wrapper_descriptor, method_wrapper, classmethod_descriptor, getset_descriptor, member_descriptor, method, staticmethod,
    classmethod, property, super_, module, cell, code, frame, traceback, generator, coroutine, async_generator,
    mappingproxy, range_iterator, longrange_iterator, buf, raw,
    dict_keys, dict_values, dict_items, dict_keyiterator, dict_valueiterator, dict_itemiterator,
    dict_reversekeyiterator, dict_reversevalueiterator, dict_reverseitemiterator, list_iterator, list_reverseiterator,
    tuple_iterator, set_iterator, enumerate, zip, map, filter, reversed, callable_iterator, iterator,
    BaseException, Exception, GeneratorExit, KeyboardInterrupt, SystemExit, BaseExceptionGroup, ExceptionGroup,
    ArithmeticError, FloatingPointError, OverflowError, ZeroDivisionError, AssertionError, AttributeError,
    BufferError, EOFError, ImportError, ModuleNotFoundError, LookupError, IndexError, KeyError, MemoryError,
    NameError, UnboundLocalError, OSError, BlockingIOError, ChildProcessError, ConnectionError, BrokenPipeError,
    ConnectionAbortedError, ConnectionRefusedError, ConnectionResetError, FileExistsError, FileNotFoundError,
    InterruptedError, IsADirectoryError, NotADirectoryError, PermissionError, ProcessLookupError, TimeoutError,
    ReferenceError, RuntimeError, NotImplementedError, PythonFinalizationError, RecursionError, StopAsyncIteration,
    StopIteration, SyntaxError, IndentationError, TabError, IncompleteInputError, SystemError, TypeError,
    ValueError, UnicodeError, UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError,
    Warning, BytesWarning, DeprecationWarning, EncodingWarning, FutureWarning, ImportWarning,
    PendingDeprecationWarning, ResourceWarning, RuntimeWarning, SyntaxWarning, UnicodeWarning, UserWarning,
}

/// How instances of a class implemented in Rust are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// The layout of the base class.
    Inherit,
    /// Objects of this kind with this many words before the attributes of subclasses (headers included).
    Words(Kind, u16),
    /// As `Words`, and instances have a `__dict__`, whose word follows the others.
    WithDict(Kind, u16),
}

/// Declaration of a class implemented in Rust.
#[derive(Debug)]
pub struct TypeDef {
    /// Its number, if well known.
    pub id: Option<T>,
    /// `__name__`.
    pub name: &'static str,
    /// `__module__`.
    pub module: &'static str,
    /// Base class (`T::object` for most).
    pub base: T,
    /// Layout of instances.
    pub body: Body,
    /// Whether Python classes may derive from it.
    pub subclassable: bool,
    /// Ordinary methods, dunders included.
    pub methods: &'static [NativeDef],
    /// Further methods, for tables that several classes share.
    pub more_methods: &'static [NativeDef],
    /// Class methods.
    pub class_methods: &'static [NativeDef],
    /// Static methods, `__new__` among them (its first parameter is the class).
    pub static_methods: &'static [NativeDef],
    /// Computed attributes.
    pub getset: &'static [GetSetDef],
    /// Computed attributes that are fields in CPython (`member_descriptor`).
    pub members: &'static [GetSetDef],
    /// `__doc__`.
    pub doc: &'static str,
    /// Further `class::flag` bits.
    pub flags: i64,
}

impl TypeDef {
    /// All defaults: derive with `..TypeDef::BASE`.
    pub const BASE: Self = Self {
        id: None,
        name: "",
        module: "builtins",
        base: T::object,
        body: Body::Inherit,
        subclassable: false,
        methods: &[],
        more_methods: &[],
        class_methods: &[],
        static_methods: &[],
        getset: &[],
        members: &[],
        doc: "",
        flags: 0,
    };
}

/// The `name_map` of a class's own attributes.
pub fn class_names(class: crate::heap::Obj) -> Option<crate::heap::Obj> {
    class.raw(crate::class::slot::NAMES).obj()
}
