//! Layouts of builtin classes whose methods live elsewhere or are still to come; each row moves to its type's file.

use crate::{
    heap::Kind,
    types::{Body, T, TypeDef},
};

const fn def(id: T, name: &'static str, body: Body, subclassable: bool) -> TypeDef {
    TypeDef { id: Some(id), name, body, subclassable, ..TypeDef::BASE }
}

macro_rules! layouts {
    ($($id:ident = $t:ident, $name:literal, $body:expr, $sub:literal;)*) => {
        $(#[doc = $name] pub static $id: TypeDef = def(T::$t, $name, $body, $sub);)*
    };
}

layouts! {
    FUNCTION = function, "function", Body::WithDict(Kind::Function, 15), false;
    MODULE = module, "module", Body::WithDict(Kind::Module, 2), true;
    CELL = cell, "cell", Body::Words(Kind::Cell, 3), false;
    CODE = code, "code", Body::Words(Kind::Code, 4), false;
    FRAME = frame, "frame", Body::Words(Kind::Record, 12), false;
    TRACEBACK = traceback, "traceback", Body::Words(Kind::Record, 6), false;
    GENERATOR = generator, "generator", Body::Words(Kind::Generator, 12), false;
    COROUTINE = coroutine, "coroutine", Body::Words(Kind::Generator, 12), false;
    ASYNC_GENERATOR = async_generator, "async_generator", Body::Words(Kind::Generator, 12), false;
}
