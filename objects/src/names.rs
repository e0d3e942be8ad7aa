//! Names the runtime itself uses, interned once per world and addressed by number.

/// Declares the well-known names.
macro_rules! well_known_names {
    ($($id:ident = $text:literal),* $(,)?) => {
        /// A well-known name; `cx.name(N::...)` is its interned string.
        #[expect(non_camel_case_types, reason = "variants are spelled as the Python names they stand for")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum N {
            $(#[doc = concat!("`", $text, "`")] $id),*
        }

        impl N {
            /// Texts, in the order of the enum.
            pub const TEXTS: &'static [&'static str] = &[$($text),*];
        }
    };
}

/// Declares the special methods that classes cache, in order.
macro_rules! special_methods {
    ($($id:ident = $text:literal),* $(,)?) => {
        /// A special method cached in every class; `Special::Len` is `__len__`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Special {
            $(#[doc = concat!("`", $text, "`")] $id),*
        }

        impl Special {
            /// All special methods, in order.
            pub const ALL: &'static [Self] = &[$(Self::$id),*];
            /// Their names.
            pub const TEXTS: &'static [&'static str] = &[$($text),*];

            /// The Python name.
            pub const fn text(self) -> &'static str {
                Self::TEXTS[self as usize]
            }
        }
    };
}

special_methods! {
    New = "__new__", Init = "__init__", Del = "__del__", Repr = "__repr__", Str = "__str__", Bytes = "__bytes__",
    Format = "__format__", Lt = "__lt__", Le = "__le__", Eq = "__eq__", Ne = "__ne__", Gt = "__gt__", Ge = "__ge__",
    Hash = "__hash__", Bool = "__bool__", GetAttribute = "__getattribute__", GetAttr = "__getattr__",
    SetAttr = "__setattr__", DelAttr = "__delattr__", Dir = "__dir__", Get = "__get__", Set = "__set__",
    Delete = "__delete__", Call = "__call__", Len = "__len__", LengthHint = "__length_hint__",
    GetItem = "__getitem__", SetItem = "__setitem__", DelItem = "__delitem__", Missing = "__missing__",
    Iter = "__iter__", Next = "__next__", Reversed = "__reversed__", Contains = "__contains__",
    Add = "__add__", Sub = "__sub__", Mul = "__mul__", MatMul = "__matmul__", TrueDiv = "__truediv__",
    FloorDiv = "__floordiv__", Mod = "__mod__", DivMod = "__divmod__", Pow = "__pow__", LShift = "__lshift__",
    RShift = "__rshift__", And = "__and__", Xor = "__xor__", Or = "__or__",
    RAdd = "__radd__", RSub = "__rsub__", RMul = "__rmul__", RMatMul = "__rmatmul__", RTrueDiv = "__rtruediv__",
    RFloorDiv = "__rfloordiv__", RMod = "__rmod__", RDivMod = "__rdivmod__", RPow = "__rpow__",
    RLShift = "__rlshift__", RRShift = "__rrshift__", RAnd = "__rand__", RXor = "__rxor__", ROr = "__ror__",
    IAdd = "__iadd__", ISub = "__isub__", IMul = "__imul__", IMatMul = "__imatmul__", ITrueDiv = "__itruediv__",
    IFloorDiv = "__ifloordiv__", IMod = "__imod__", IPow = "__ipow__", ILShift = "__ilshift__",
    IRShift = "__irshift__", IAnd = "__iand__", IXor = "__ixor__", IOr = "__ior__",
    Neg = "__neg__", Pos = "__pos__", Abs = "__abs__", Invert = "__invert__", Complex = "__complex__",
    Int = "__int__", Float = "__float__", Index = "__index__", Round = "__round__", Trunc = "__trunc__",
    Floor = "__floor__", Ceil = "__ceil__", Enter = "__enter__", Exit = "__exit__", Await = "__await__",
    AIter = "__aiter__", ANext = "__anext__", AEnter = "__aenter__", AExit = "__aexit__",
    Buffer = "__buffer__", InstanceCheck = "__instancecheck__", SubclassCheck = "__subclasscheck__",
    FsPath = "__fspath__", SetName = "__set_name__",
}

well_known_names! {
    doc = "__doc__", name = "__name__", qualname = "__qualname__", module = "__module__", dict = "__dict__",
    class = "__class__", slots = "__slots__", bases = "__bases__", mro = "__mro__", weakref = "__weakref__",
    classcell = "__classcell__", init_subclass = "__init_subclass__", class_getitem = "__class_getitem__",
    mro_entries = "__mro_entries__", prepare = "__prepare__", annotations = "__annotations__",
    annotations_cache = "__annotations_cache__",
    annotate = "__annotate__", annotate_func = "__annotate_func__", type_params = "__type_params__",
    builtins = "__builtins__", file = "__file__", path = "__path__", spec = "__spec__", loader = "__loader__",
    package = "__package__", cached = "__cached__", all = "__all__", main = "__main__", wrapped = "__wrapped__",
    func = "__func__", self_ = "__self__", code = "__code__", closure = "__closure__", globals = "__globals__",
    defaults = "__defaults__", kwdefaults = "__kwdefaults__", text_signature = "__text_signature__",
    objclass = "__objclass__", isabstractmethod = "__isabstractmethod__", abstractmethods = "__abstractmethods__",
    reduce = "__reduce__", reduce_ex = "__reduce_ex__", getstate = "__getstate__", setstate = "__setstate__",
    getnewargs = "__getnewargs__", getnewargs_ex = "__getnewargs_ex__", sizeof = "__sizeof__",
    subclasshook = "__subclasshook__", static_attributes = "__static_attributes__",
    firstlineno = "__firstlineno__", orig_bases = "__orig_bases__", orig_class = "__orig_class__", match_args = "__match_args__",
    context = "__context__", cause = "__cause__", traceback = "__traceback__",
    suppress_context = "__suppress_context__", notes = "__notes__", debug = "__debug__", import = "__import__",
    build_class = "__build_class__", release_buffer = "__release_buffer__", copy = "__copy__",
    deepcopy = "__deepcopy__", keys = "keys", items = "items", values = "values", get = "get", send = "send",
    throw = "throw", close = "close", append = "append", add = "add", read = "read", write = "write",
    flush = "flush", encoding = "encoding", errors = "errors", args = "args", msg = "msg", print_file = "file",
    sep = "sep", end = "end", key = "key", reverse = "reverse", default = "default", join = "join",
    sort = "sort", update = "update", metaclass = "metaclass", lt_lambda = "<lambda>", lt_module = "<module>",
    lt_string = "<string>", stdout = "stdout", stderr = "stderr", stdin = "stdin", modules = "modules",
    underscore = "_", empty = "", utf8 = "utf-8", strict = "strict", obj_new = "__newobj__",
    mod_builtins = "builtins", mod_sys = "sys", fileno = "fileno", readline = "readline", name_plain = "name",
    value = "value", filename = "filename", lineno = "lineno", offset = "offset", text = "text",
    end_lineno = "end_lineno", end_offset = "end_offset", print_file_and_line = "print_file_and_line",
    code_attr = "code", obj = "obj", maketrans = "maketrans", excepthook = "excepthook",
    displayhook = "displayhook", unraisablehook = "unraisablehook", warn = "warn", warnings = "warnings",
    mro_plain = "mro", start = "start", stop = "stop", step = "step", fget = "fget", fset = "fset", fdel = "fdel",
    real = "real", imag = "imag",
}
