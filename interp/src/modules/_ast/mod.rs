//! `_ast`: the classes of syntax tree nodes.
//!
//! Reading order: `spec.rs` (the grammar they come from), this file (the classes), `write.rs` (trees to objects), `read.rs`
//! (objects to trees).

mod read;
mod read_expr;
mod read_parts;
mod read_stmt;
mod spec;
mod write;

pub use self::{
    read::{check_root, is_tree, read},
    write::write,
};

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, T, TypeDef, Value, class,
    protocol::{self, RootVec},
    raise,
    types::{dict, generic_alias, list, str as string, union},
};

use self::spec::{Many, WITH_POSITION};
use super::{ModuleDef, namespace, rows::row, set, set_ints};

/// `PyCF_ONLY_AST`: `compile()` gives a tree.
pub const ONLY_AST: i64 = 0x400;

/// `ast.AST`.
pub static AST: TypeDef = TypeDef {
    name: "AST",
    module: "ast",
    body: Body::WithDict(Kind::Instance, 2),
    subclassable: true,
    methods: &[row!(
        "__init__",
        "(self, /, *args, **kwargs)",
        init,
        "Initialize self.  See help(type(self)) for accurate signature."
    )],
    ..TypeDef::BASE
};

fn strings(cx: &mut Cx, all: &[&str]) -> Completion<Value> {
    let mut items = RootVec::new();
    for text in all {
        let text = cx.intern(text)?;
        items.push(cx, text)?;
    }
    cx.new_tuple(items.as_slice())
}

/// Sets fields from positional and keyword arguments; missing lists are empty, missing contexts `Load`.
fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this();
    let node_class = args.this_obj().class();
    let fields_name = cx.intern("_fields")?;
    let fields = protocol::get_attr(cx, node_class.into(), fields_name)?;
    let fields = protocol::collect(cx, fields)?;
    let positional = args.rest(1);
    let shown = class::name(node_class);
    if positional.len() > fields.as_slice().len() {
        let n_fields = fields.as_slice().len();
        let plural = if n_fields == 1 { "" } else { "s" };
        return raise!(
            cx,
            TypeError,
            "{shown} constructor takes at most {n_fields} positional argument{plural}"
        );
    }
    let mut given = RootVec::new();
    for (&name, &value) in fields.as_slice().iter().zip(positional) {
        protocol::set_attr(cx, this, name, value)?;
        given.push(cx, name)?;
    }
    if let Some(kwargs) = args.get(2).obj() {
        for pair in keyword_pairs(cx, kwargs)? {
            let (name, value) = pair;
            if given.as_slice().contains(&name) {
                let name = string::text(name).unwrap_or_default();
                return raise!(cx, TypeError, "{shown} got multiple values for argument '{name}'");
            }
            protocol::set_attr(cx, this, name, value)?;
            given.push(cx, name)?;
        }
    }
    fill_missing(cx, this, node_class, given.as_slice())?;
    Ok(Value::NONE)
}

fn keyword_pairs(cx: &mut Cx, kwargs: Obj) -> Completion<Vec<(Value, Value)>> {
    // The pairs stay reachable through `kwargs`, which is an argument.
    let names = protocol::collect(cx, kwargs.into())?;
    let mut pairs = Vec::new();
    for &name in names.as_slice() {
        pairs.push((name, dict::get_item_name(cx, kwargs, name)?));
    }
    Ok(pairs)
}

fn fill_missing(cx: &mut Cx, this: Value, node_class: Obj, given: &[Value]) -> Completion<()> {
    let bases = class::mro(node_class);
    let known =
        bases.iter().filter_map(|base| base.obj()).find_map(|base| spec::find(class::name(base)));
    let Some(known) = known else { return Ok(()) };
    for field in known.fields() {
        let name = cx.intern(field.name)?;
        if given.contains(&name) {
            continue;
        }
        let value = match field.many {
            Many::List => list::from_vec(cx, RootVec::new())?.into(),
            Many::One if field.kind == "expr_context" => {
                let load = class_named(cx, "Load")?;
                protocol::call(cx, load, &[])?
            }
            _ => continue,
        };
        protocol::set_attr(cx, this, name, value)?;
    }
    Ok(())
}

/// The node class called `name`.
///
/// # Errors
/// `KeyError` if the module has lost it.
pub fn class_named(cx: &mut Cx, name: &str) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_ast")?;
    let key = cx.intern(name)?;
    let found = match module.obj().and_then(namespace) {
        Some(names) => dict::get_item_name(cx, names, key)?,
        None => Value::UNBOUND,
    };
    match found.bound() {
        Some(class) => Ok(class),
        None => raise!(cx, AttributeError, "module '_ast' has no attribute '{name}'"),
    }
}

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    let ast = cx.type_for(&AST)?;
    let none = strings(cx, &[])?;
    for name in ["_fields", "_attributes", "__match_args__"] {
        let name = cx.intern(name)?;
        class::define(cx, ast, name, none)?;
    }
    set(cx, module, "AST", ast.into())?;
    for class in spec::classes() {
        let made = make(cx, module, ast, class)?;
        set(cx, module, class.name, made)?;
    }
    for class in spec::classes() {
        field_types(cx, module, class)?;
    }
    set_ints(
        cx,
        module,
        &[
            ("PyCF_ONLY_AST", ONLY_AST),
            ("PyCF_TYPE_COMMENTS", 0x1000),
            ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
            ("PyCF_OPTIMIZED_AST", 0x8000 | ONLY_AST),
        ],
    )
}

fn member(cx: &mut Cx, module: Obj, name: &str) -> Completion<Value> {
    let key = cx.intern(name)?;
    match namespace(module) {
        Some(names) => dict::get_item_name(cx, names, key),
        None => Ok(Value::UNBOUND),
    }
}

fn make(cx: &mut Cx, module: Obj, ast: Obj, class: spec::Class) -> Completion<Value> {
    let base = match class.base {
        "AST" => ast.into(),
        base => member(cx, module, base)?,
    };
    let names = dict::new(cx)?;
    let fields: Vec<&str> = class.fields().map(|field| field.name).collect();
    let fields_tuple = strings(cx, &fields)?;
    let has_position = WITH_POSITION.contains(&class.name) || WITH_POSITION.contains(&class.base);
    let attributes: &[&str] = match has_position {
        true => &["lineno", "col_offset", "end_lineno", "end_col_offset"],
        false => &[],
    };
    let attributes = strings(cx, attributes)?;
    let doc = cx.new_str(&doc(class))?;
    let module_name = cx.intern("ast")?;
    let mut entries = vec![
        ("_fields", fields_tuple),
        ("__match_args__", fields_tuple),
        ("_attributes", attributes),
        ("__doc__", doc),
        ("__module__", module_name),
    ];
    entries.extend(
        class.fields().filter(|it| it.many == Many::Optional).map(|it| (it.name, Value::NONE)),
    );
    if has_position {
        entries.extend([("end_lineno", Value::NONE), ("end_col_offset", Value::NONE)]);
    }
    for (name, value) in entries {
        let name = cx.intern(name)?;
        dict::set_item(cx, names, name, value)?;
    }
    let name = cx.intern(class.name)?;
    let bases = cx.new_tuple(&[base])?;
    let metaclass = cx.class(T::type_);
    protocol::call(cx, metaclass.into(), &[name, bases, names.into()])
}

/// `Name(identifier id, expr_context ctx)`.
fn doc(class: spec::Class) -> String {
    let fields = class.fields().map(|field| {
        let sign = match field.many {
            Many::One => "",
            Many::Optional => "?",
            Many::List => "*",
        };
        format!("{}{sign} {}", field.kind, field.name)
    });
    let fields: Vec<String> = fields.collect();
    if fields.is_empty() {
        class.name.to_owned()
    } else {
        format!("{}({})", class.name, fields.join(", "))
    }
}

fn field_types(cx: &mut Cx, module: Obj, class: spec::Class) -> Completion<()> {
    let Some(owner) = member(cx, module, class.name)?.obj() else { return Ok(()) };
    let types = dict::new(cx)?;
    for field in class.fields() {
        let kind = match field.kind {
            "identifier" | "string" => cx.class(T::str).into(),
            "int" => cx.class(T::int).into(),
            "constant" => cx.class(T::object).into(),
            node => member(cx, module, node)?,
        };
        let kind = match field.many {
            Many::One => kind,
            Many::List => {
                let list = cx.class(T::list);
                generic_alias::new(cx, list.into(), kind)?
            }
            Many::Optional => {
                let none = cx.class(T::NoneType);
                union::make(cx, &[kind, none.into()])?
            }
        };
        let name = cx.intern(field.name)?;
        dict::set_item(cx, types, name, kind)?;
    }
    let name = cx.intern("_field_types")?;
    protocol::set_attr(cx, owner.into(), name, types.into())
}

/// `_ast`.
pub static MODULE: ModuleDef = ModuleDef { name: "_ast", exec, ..ModuleDef::BASE };
