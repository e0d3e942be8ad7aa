//! Scopes and names: who binds, who uses, and where each name therefore lives.
//!
//! [`build`] walks the tree once and records what each scope does with each name; [`analyze`] then
//! decides local, cell, free or global, as CPython's symbol table does. List, set and dict comprehensions
//! outside class bodies are *inlined*: they have a scope of their own but share their parent's
//! frame, so a name that they use counts as used by the parent.

mod analyze;
mod build;
mod build_expr;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use ruff_text_size::TextRange;

pub(crate) use build::{Root, build, has_annotations, hidden_parameters};

/// A name after private-name mangling.
pub(crate) type Name = Arc<str>;

/// Number of a scope in its [`Table`].
pub(crate) type ScopeId = usize;

/// What kind of block a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    /// A module, or an expression given to `eval`.
    Module,
    /// `def` or `lambda`.
    Function,
    /// A class body.
    Class,
    /// A comprehension or generator expression.
    Comprehension(Comp),
    /// An `__annotate__` function.
    Annotations,
    /// The names of a type parameter list.
    TypeParams,
    /// A lazily evaluated bound, default or alias value.
    TypeExpr,
}

/// Kinds of comprehension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comp {
    /// `[x for ...]`
    List,
    /// `{x for ...}`
    Set,
    /// `{k: v for ...}`
    Dict,
    /// `(x for ...)`
    Generator,
}

/// What a scope does with a name; bits of [`Symbol::flags`].
pub(crate) mod flag {
    pub(crate) const USE: u32 = 1;
    pub(crate) const LOCAL: u32 = 2;
    pub(crate) const PARAM: u32 = 4;
    pub(crate) const GLOBAL: u32 = 8;
    pub(crate) const NONLOCAL: u32 = 16;
    pub(crate) const IMPORT: u32 = 32;
    pub(crate) const ANNOTATED: u32 = 64;
    pub(crate) const TYPE_PARAM: u32 = 128;
    pub(crate) const COMP_ITER: u32 = 256;
    /// A class body passes the name through to scopes inside it.
    pub(crate) const FREE_CLASS: u32 = 1024;
    pub(crate) const BOUND: u32 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// Where a name lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Home {
    /// In this frame.
    #[default]
    Local,
    /// In a cell made by this frame.
    Cell,
    /// In a cell of an enclosing function.
    Free,
    /// Global by declaration.
    GlobalExplicit,
    /// Global, or builtin, for want of a binding.
    GlobalImplicit,
    /// An inlined comprehension asks its parent.
    Parent,
}

/// One name of one scope.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    /// The name.
    pub(crate) name: Name,
    /// See [`flag`].
    pub(crate) flags: u32,
    /// Decided by `analyze`.
    pub(crate) home: Home,
    /// Range of the first `global` or `nonlocal` statement, else of the first mention.
    pub(crate) range: TextRange,
}

/// One scope.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) parent: Option<ScopeId>,
    pub(crate) children: Vec<ScopeId>,
    pub(crate) symbols: Vec<Symbol>,
    index: HashMap<Name, usize>,
    /// Class whose private names are mangled here.
    pub(crate) private: Option<Name>,
    /// In the head of a generic class: the only names that are mangled, its type parameters.
    mangled: Option<Arc<HashSet<Name>>>,
    /// Shares its parent's frame.
    pub(crate) inlined: bool,
    /// Inside (directly or through others of its kind) a class whose names it sees first.
    pub(crate) sees_class: bool,
    pub(crate) is_generator: bool,
    pub(crate) is_coroutine: bool,
    /// Inside a function.
    pub(crate) nested: bool,
    /// Has an assignment expression that binds here (register copies need care).
    pub(crate) has_walrus: bool,
    /// Class: a method needs the `__class__` cell.
    pub(crate) needs_class_cell: bool,
    /// Class: an annotation scope needs the `__classdict__` cell.
    pub(crate) needs_classdict: bool,
    /// Module or class: some annotation might not be executed.
    pub(crate) conditional_annotations: bool,
    /// Number of annotated simple names that want evaluation.
    pub(crate) n_annotations: usize,
    /// Comprehension: while the iterables are visited.
    comp_iter_expr: u32,
    comp_iter_target: bool,
    /// For messages: what a TypeExpr or annotation scope is.
    pub(crate) label: &'static str,
}

impl Scope {
    pub(crate) fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.index.get(name).map(|&at| &self.symbols[at])
    }

    fn flags(&self, name: &str) -> u32 {
        self.symbol(name).map_or(0, |symbol| symbol.flags)
    }

    fn add(&mut self, name: &Name, flags: u32, range: TextRange) -> &mut Symbol {
        let at = match self.index.get(name) {
            Some(&at) => at,
            None => {
                let home = Home::default();
                self.symbols.push(Symbol { name: name.clone(), flags: 0, home, range });
                self.index.insert(name.clone(), self.symbols.len() - 1);
                self.symbols.len() - 1
            }
        };
        let symbol = &mut self.symbols[at];
        symbol.flags |= flags;
        symbol
    }

    /// `__name` inside class `C` means `_C__name`.
    pub(crate) fn mangle(&self, name: &str) -> Name {
        match &self.mangled {
            Some(names) if !names.contains(name) => Arc::from(name),
            _ => mangle(self.private.as_ref(), name),
        }
    }

    /// Do names live in registers and cells, not in a namespace?
    pub(crate) fn is_function_like(&self) -> bool {
        !matches!(self.kind, ScopeKind::Module | ScopeKind::Class)
    }

    /// An annotation scope, whose restrictions and class access differ from a function's.
    pub(crate) fn is_annotation_like(&self) -> bool {
        matches!(self.kind, ScopeKind::Annotations | ScopeKind::TypeParams | ScopeKind::TypeExpr)
    }
}

/// Which part of a node a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// The body.
    Body,
    /// The annotations of a function, or of a module's or class's body.
    Annotations,
    /// The type parameter list.
    TypeParams,
    /// The bound of a type parameter.
    Bound,
    /// The default of a type parameter.
    Default,
}

/// All scopes of a compilation.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) scopes: Vec<Scope>,
    /// The annotation scopes of module and class bodies.
    pub(crate) body_annotations: HashMap<ScopeId, ScopeId>,
    by_node: HashMap<(usize, Part), ScopeId>,
}

impl Table {
    /// The scope of a part of a node. Nodes are told apart by address, so the tree must not move.
    pub(crate) fn find<T>(&self, node: &T, part: Part) -> Option<ScopeId> {
        self.by_node.get(&(address(node), part)).copied()
    }
}

fn address<T>(node: &T) -> usize {
    std::ptr::from_ref(node).addr()
}

fn mangle(private: Option<&Name>, name: &str) -> Name {
    let Some(class) = private else { return Arc::from(name) };
    let stripped = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || stripped.is_empty()
    {
        return Arc::from(name);
    }
    Arc::from(format!("_{stripped}{name}"))
}
